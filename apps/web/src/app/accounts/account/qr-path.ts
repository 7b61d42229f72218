import { encode } from 'uqr';

/** A QR code to be drawn: `path` in a square of `size` by `size`, its quiet border included. */
export interface QrPath {
  readonly path: string;
  readonly size: number;
}

/** ISO/IEC 18004 wants four empty modules around. */
const QUIET_BORDER = 4;

/** The dark modules of a QR code of this text; neighbours in a row are one step of the path. */
export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_BORDER });
  const path = data.map((row, top) => rowPath(row, top)).join('');
  return { path, size };
}

function rowPath(row: readonly boolean[], top: number): string {
  let path = '';
  for (let left = 0; left < row.length; left += 1) {
    if (row[left] !== true) continue;
    let width = 1;
    while (row[left + width] === true) width += 1;
    path += `M${left} ${top}h${width}v1h-${width}z`;
    left += width;
  }
  return path;
}

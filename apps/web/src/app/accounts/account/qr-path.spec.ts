import { encode } from 'uqr';

import { qrPath } from './qr-path';

const URI =
  'otpauth://totp/HomeServer:anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=HomeServer';

/** Which modules a path covers. */
function drawn(path: string, size: number): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, left, top, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    const row = rows[Number(top)];
    for (let step = 0; step < Number(width); step += 1)
      if (row !== undefined) row[Number(left) + step] = true;
  }
  return rows;
}

describe('qrPath', () => {
  it('should cover the dark modules of the code and no other when it is drawn', () => {
    const { path, size } = qrPath(URI);

    const expected = encode(URI, { ecc: 'M', border: 4 });
    expect(size).toBe(expected.size);
    expect(drawn(path, size)).toEqual(expected.data);
  });

  it('should leave a border of four modules empty when it is drawn', () => {
    const { path, size } = qrPath(URI);

    const rows = drawn(path, size);
    const isEmpty = (line: readonly boolean[]) => line.every((isDark) => !isDark);
    expect(rows.slice(0, 4).every(isEmpty)).toBe(true);
    expect(rows.slice(-4).every(isEmpty)).toBe(true);
    expect(rows.every((row) => isEmpty(row.slice(0, 4)) && isEmpty(row.slice(-4)))).toBe(true);
  });
});

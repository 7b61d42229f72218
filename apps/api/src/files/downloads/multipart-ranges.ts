import { randomBytes } from 'node:crypto';

import type { ByteRange } from './byte-range';

const BOUNDARY_BYTES = 18;

/** The body of a 206 with several parts: RFC 9110, section 14.6. */
export interface MultipartBody {
  readonly contentType: string;
  readonly length: number;
  readonly pieces: readonly (ByteRange | Buffer)[];
}

/** @param boundary must not occur in the file, which chance sees to */
export function multipartBody(
  ranges: readonly ByteRange[],
  { contentType, size }: { readonly contentType: string; readonly size: number },
  boundary = randomBytes(BOUNDARY_BYTES).toString('base64url'),
): MultipartBody {
  const pieces = ranges.flatMap(({ start, end }, index) => [
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${contentType}\r\n` +
        `Content-Range: ${contentRange({ start, end }, size)}\r\n\r\n`,
    ),
    { start, end },
  ]);
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    length: pieces.reduce((sum, piece) => sum + lengthOf(piece), 0),
    pieces,
  };
}

export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}

function lengthOf(piece: ByteRange | Buffer): number {
  return Buffer.isBuffer(piece) ? piece.length : piece.end - piece.start;
}

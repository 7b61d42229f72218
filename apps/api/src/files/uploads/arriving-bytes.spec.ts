import { describe, expect, it } from '@jest/globals';

import { ArrivingBytes } from './arriving-bytes';

function arrived(bytes: Buffer, chunkBytes: number): ArrivingBytes {
  const arriving = new ArrivingBytes();
  for (let at = 0; at < bytes.length; at += chunkBytes)
    arriving.add(bytes.subarray(at, at + chunkBytes));
  return arriving;
}

const header = (name: string) =>
  Buffer.from(`Content-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`);

describe('ArrivingBytes', () => {
  it.each([1, 7, 40, 1000])(
    'should see the name in the header however it is cut, here into %d bytes',
    (chunkBytes) => {
      expect(arrived(header('a\0b'), chunkBytes).hasNameWithControl()).toBe(true);
      expect(arrived(header('grün 日本.txt'), chunkBytes).hasNameWithControl()).toBe(false);
      expect(arrived(header('a \ufffd b'), chunkBytes).hasSent('a \ufffd b')).toBe(true);
      expect(arrived(header('a ? b'), chunkBytes).hasSent('a \ufffd b')).toBe(false);
    },
  );

  it('should see a header that comes after large chunks', () => {
    const bytes = Buffer.concat([Buffer.alloc(200_000, 'x'), header('a\0b')]);

    expect(arrived(bytes, 65_536).hasNameWithControl()).toBe(true);
    expect(arrived(bytes, 200_050).hasNameWithControl()).toBe(true);
  });

  it('should know a name that forms had to escape', () => {
    expect(arrived(header('%22\ufffd%22%0A.txt'), 100).hasSent('"\ufffd"\n.txt')).toBe(true);
  });

  it('should believe every name that nothing was replaced in', () => {
    expect(new ArrivingBytes().hasSent('a.txt')).toBe(true);
  });
});

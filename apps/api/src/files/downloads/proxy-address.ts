import { bytesOfName } from '../../platform/filesystem/name-bytes';

const [CHARACTERS, HEX] = [0x80, 16];
const UNRESERVED = /[\w.~-]/;

/**
 * The address under which the proxy finds a file: prefix, drive, and its path in it, each part percent-encoded byte by
 * byte, for a name need not be UTF-8.
 */
export function proxyAddress(prefix: string, driveId: string, path: string): string {
  return `${prefix}${driveId}/${path.split('/').map(encoded).join('/')}`;
}

function encoded(name: string): string {
  return [...Buffer.from(bytesOfName(name))]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (byte < CHARACTERS && UNRESERVED.test(character)) return character;
      return `%${byte.toString(HEX).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

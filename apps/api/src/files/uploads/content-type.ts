import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type';
import { lookup } from 'mime-types';

const UNKNOWN = 'application/octet-stream';
const TEXT = 'text/plain';

/** What archives and markup look like from the outside: the name tells which of them it is. */
const CONTAINERS: Record<string, RegExp> = {
  'application/zip': /zip|vnd\.|epub|java-archive|android|opendocument|officedocument/,
  'application/xml': /xml$/,
  'application/x-cfb': /ms|vnd\.ms-|word|excel|powerpoint|outlook/,
  'video/mp4': /^(audio|video)\//,
  'application/ogg': /^(audio|video)\//,
};

/**
 * The type of a file, by its first bytes and its name; what the client says is never believed. A name
 * whose type would show in the bytes, and does not, is not believed either.
 * @param beginning the first 4,100 bytes, or all where there are fewer
 */
export async function contentTypeOf(beginning: Buffer, filename: string): Promise<string> {
  const detected = (await fileTypeFromBuffer(beginning))?.mime ?? null;
  const named = lookup(filename) || null;
  if (detected !== null)
    return named !== null && CONTAINERS[detected]?.test(named) ? named : detected;
  if (named !== null && (beginning.length === 0 || !isRecognisable(named))) return named;
  return isText(beginning) ? TEXT : UNKNOWN;
}

function isRecognisable(type: string): boolean {
  const types: ReadonlySet<string> = supportedMimeTypes;
  return types.has(type) && !/^text\/|xml$|json$/.test(type);
}

/** UTF-8 without control characters; the last character may be cut off. */
function isText(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/.test(text);
}

import { Injectable } from '@angular/core';

/**
 * A quarter of a mebibyte takes about a millisecond, on a phone a few: between two slices, whose bytes are
 * read elsewhere, the page draws. So there is no need for a worker, which the policy for scripts would have
 * to let in, nor for crypto.subtle, which wants the whole file in memory and is missing on plain HTTP.
 */
const SLICE_BYTES = 262_144;

/** The SHA-256 of files, one file at a time. */
@Injectable({ providedIn: 'root' })
export class ContentHash {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @returns in lowercase hexadecimal digits
   * @throws DOMException when the file cannot be read any more
   */
  of(file: Blob): Promise<string> {
    const hash = this.last.then(() => hashOf(file));
    this.last = hash.catch(() => undefined);
    return hash;
  }
}

async function hashOf(file: Blob): Promise<string> {
  const { sha256 } = await import('@noble/hashes/sha2.js');
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += SLICE_BYTES)
    hash.update(new Uint8Array(await file.slice(start, start + SLICE_BYTES).arrayBuffer()));
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { writeDurably } from '../../filesystem/durable-file.adapter';

/** The password that a file holds; where there is no file it is made, with a new one of 192 random bits. */
export function readOrMakePassword(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeDurably(file, password);
  return password;
}

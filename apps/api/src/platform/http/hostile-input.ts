import type { IncomingMessage } from 'node:http';

import type { ProblemError } from '@homeserver/dto';

import { DomainError, InvalidInputError } from './domain-error';

const MAXIMUM_DEPTH = 32;
const MAXIMUM_HEADERS = 200;
const MAXIMUM_QUERY_CHARACTERS = 8192;
/** Node's parser leaves out what comes after a thousand, without a word. */
const MAXIMUM_PARAMETERS = 256;

const [QUOTE, BACKSLASH, OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [
  '"',
  '\\',
  '[',
  ']',
  '{',
  '}',
].map((character) => character.charCodeAt(0));

/**
 * What no call takes as JSON, told before it is parsed: nesting that whoever walks through it would have
 * to follow. One look at each character.
 * @throws InvalidInputError
 */
export function requireShallowJson(text: string): void {
  let depth = 0;
  let isInText = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInText && code === BACKSLASH) index++;
    else if (code === QUOTE) isInText = !isInText;
    else if (isInText) continue;
    else if (code === OPENING_BRACKET || code === OPENING_BRACE) depth++;
    else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) depth--;
    if (depth > MAXIMUM_DEPTH) throw invalid('#', 'The body is nested more deeply than any call.');
  }
}

/**
 * What no member of any body is: a text that no database keeps (NUL, half of a character), or a name that
 * would change what an object is. Schemas need not think of them.
 * @param value as JSON.parse has it, not nested deeply
 * @throws InvalidInputError with a pointer to each
 */
export function requireCleanJson(value: unknown): void {
  const errors: ProblemError[] = [];
  collectFaults(value, '#', errors);
  if (errors.length > 0) throw new InvalidInputError(errors);
}

function collectFaults(value: unknown, pointer: string, errors: ProblemError[]): void {
  if (typeof value === 'string') {
    const detail = textFault(value);
    if (detail !== null) errors.push({ pointer, detail });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const place = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (name === '__proto__' || textFault(name) !== null)
        errors.push({ pointer: place.toWellFormed(), detail: 'This call has no such member.' });
      else collectFaults(member, place, errors);
    }
  }
}

function textFault(text: string): string | null {
  if (text.includes('\0')) return 'A text must not contain the character NUL.';
  return text.isWellFormed() ? null : 'A text must be whole characters of Unicode.';
}

/**
 * A query of a size that no call needs, or with NUL in it.
 * @param address of a request, with or without a query
 * @throws InvalidInputError
 */
export function requireDecentQuery(address: string): void {
  const query = address.split('?').slice(1).join('?');
  if (query.length > MAXIMUM_QUERY_CHARACTERS)
    throw invalid('#/query', `A query has at most ${MAXIMUM_QUERY_CHARACTERS} characters.`);
  if (query.split('&').length > MAXIMUM_PARAMETERS)
    throw invalid('#/query', `A query has at most ${MAXIMUM_PARAMETERS} parameters.`);
  if (!query.includes('%00')) return;
  const broken = [...new URLSearchParams(query)].filter((pair) => pair.join().includes('\0'));
  throw new InvalidInputError(
    broken.map(([name]) => ({
      pointer: `#/query/${name}`,
      detail: 'A text must not contain the character NUL.',
    })),
  );
}

/** Node bounds the bytes of all headers together (16 KiB, 431). @throws DomainError `http.too_many_headers` (431) */
export function requireFewHeaders({ rawHeaders }: IncomingMessage): void {
  if (rawHeaders.length / 2 <= MAXIMUM_HEADERS) return;
  throw new DomainError(
    'http.too_many_headers',
    431,
    `A request has at most ${MAXIMUM_HEADERS} headers.`,
  );
}

function invalid(pointer: string, detail: string): InvalidInputError {
  return new InvalidInputError([{ pointer, detail }]);
}

/** Text that may stand in a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of a page. What is put in is text and is escaped, unless it is a piece of a page itself. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = parts.map((part, index) => textOf(part) + (literals[index + 1] ?? ''));
  return new Html((literals[0] ?? '') + pieces.join(''));
}

/** Pieces with one between each two, such as a comma. */
export function joined(pieces: readonly Html[], between: string): Html {
  return html`${pieces.map((piece, index) => (index === 0 ? piece : [between, piece]))}`;
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string')
    return part.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  return part.map(textOf).join('');
}

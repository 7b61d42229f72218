import { html, type Html } from './html';

const PIECES = /`([^`]+)`|\[([^\]]+)\]\((\/[^)\s]*)\)/g;
const CODE_ITEM = /^(\d+): ([^]*)$/;

/**
 * The little Markdown that our descriptions use: paragraphs, lists, `code`, and links to pages of this
 * server. Lists of codes, such as `- 1001: why`, become tables of codes and meanings.
 */
export function markdown(text: string): Html[] {
  return text.split('\n\n').map((block) => {
    if (!block.startsWith('- ')) return html`<p>${inline(block)}</p>`;
    return listOf(block.slice(2).split('\n- '));
  });
}

/** A line of it, without blocks. */
export function inline(text: string): Html[] {
  const pieces: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(PIECES)) {
    const [whole, code, label = '', address = ''] = match;
    pieces.push(html`${text.slice(end, match.index)}`);
    pieces.push(
      code === undefined ? html`<a href="${address}">${label}</a>` : html`<code>${code}</code>`,
    );
    end = match.index + whole.length;
  }
  return [...pieces, html`${text.slice(end)}`];
}

function listOf(items: readonly string[]): Html {
  const codes = items.map((item) => CODE_ITEM.exec(item));
  const pairs = codes.map((match) => [match?.[1] ?? '', match?.[2] ?? ''] as const);
  if (codes.includes(null))
    return html`<ul>
      ${items.map((item) => html`<li>${inline(item)}</li>`)}
    </ul>`;
  return html`<dl class="codes">
    ${pairs.map(
      ([code, meaning]) =>
        html`<div>
          <dt>${code}</dt>
          <dd>${inline(meaning)}</dd>
        </div>`,
    )}
  </dl>`;
}

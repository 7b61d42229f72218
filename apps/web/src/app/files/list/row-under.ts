/** Which row an element belongs to, as `FileRow` wrote it there. */
export interface RowMark {
  /** In the list as it was drawn, from 0. */
  readonly index: number;
  /** Of its entry; null while that is not loaded. Rows come and go: this holds, the index may not. */
  readonly id: string | null;
}

/** The row that was hit; null for what lies between rows. */
export function rowUnder({ target }: Event): RowMark | null {
  const row = target instanceof Element ? target.closest('[data-index]') : null;
  if (!(row instanceof HTMLElement)) return null;
  return { index: Number(row.dataset['index']), id: row.dataset['id'] ?? null };
}

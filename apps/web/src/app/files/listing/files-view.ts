import type { FileSort, SortOrder } from '@homeserver/dto';
import type { ParamMap, Params } from '@angular/router';

/** What of the drive is shown, and in which order. It lives in the address, so that back and reload keep it. */
export interface FilesView {
  /** Only entries that bear all of these. */
  readonly tags: readonly string[];
  /** Only entries with this in their name; empty: all. */
  readonly text: string;
  readonly sort: FileSort;
  readonly order: SortOrder;
}

const SORTS: readonly FileSort[] = ['name', 'size', 'uploadDate', 'modifiedAt'];

/** What a person wants to see first: names from A, but the largest and the newest. */
const FIRST_ORDER: Readonly<Record<FileSort, SortOrder>> = {
  name: 'asc',
  size: 'desc',
  uploadDate: 'desc',
  modifiedAt: 'desc',
};

/** The view that an address asks for; what it says wrongly is left out. */
export function viewOf(params: ParamMap): FilesView {
  const sort = SORTS.find((candidate) => candidate === params.get('sort')) ?? 'name';
  const order = params.get('order');
  return {
    tags: [...new Set(params.getAll('tag').filter((tag) => tag !== ''))],
    text: params.get('q')?.trim() ?? '',
    sort,
    order: order === 'asc' || order === 'desc' ? order : FIRST_ORDER[sort],
  };
}

/** The query parameters of a view; null takes one out of the address. */
export function paramsOf(view: FilesView): Params {
  return {
    tag: view.tags.length > 0 ? view.tags : null,
    q: view.text === '' ? null : view.text,
    sort: view.sort === 'name' ? null : view.sort,
    order: view.order === FIRST_ORDER[view.sort] ? null : view.order,
  };
}

/** The view after a click on a column: another column in its first order, the same one turned round. */
export function sortedBy(view: FilesView, sort: FileSort): FilesView {
  if (view.sort !== sort) return { ...view, sort, order: FIRST_ORDER[sort] };
  return { ...view, order: view.order === 'asc' ? 'desc' : 'asc' };
}

export function withTagToggled(view: FilesView, tag: string): FilesView {
  const tags = view.tags.includes(tag)
    ? view.tags.filter((other) => other !== tag)
    : [...view.tags, tag];
  return { ...view, tags };
}

export function isFiltered(view: FilesView): boolean {
  return view.tags.length > 0 || view.text !== '';
}

export function isSameView(left: FilesView, right: FilesView): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

import { firstValueFrom, type Observable } from 'rxjs';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** All items of a list that is short enough to be shown whole. Rejects when one of its pages does not come. */
export async function allPages<Item>(
  ask: (cursor: string | null) => Observable<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await firstValueFrom(ask(cursor));
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

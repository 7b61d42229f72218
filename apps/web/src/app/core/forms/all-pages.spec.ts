import { of } from 'rxjs';

import { allPages } from './all-pages';

describe('allPages', () => {
  it('should put the pages together when there is more than one', async () => {
    const asked: (string | null)[] = [];
    const items = await allPages((cursor) => {
      asked.push(cursor);
      return of(
        cursor === null ? { items: [1, 2], nextCursor: 'next' } : { items: [3], nextCursor: null },
      );
    });

    expect(items).toEqual([1, 2, 3]);
    expect(asked).toEqual([null, 'next']);
  });
});

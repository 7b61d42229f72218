import type { FileMetadata } from '@homeserver/dto';

import { FOLDER_ID, sampleFile, sampleFolder, sampleScope } from '../testing/sample-file';
import { applyChanges, type FileChange, type LoadedRows } from './list-changes';

function loadedOf(names: readonly string[], whole: Partial<LoadedRows> = {}): LoadedRows {
  const rows = names.map((name) => sampleFile(name));
  return { rows, total: rows.length, isComplete: true, ...whole };
}

const present = (file: FileMetadata): FileChange => ({ kind: 'present', file });
const noted = (file: FileMetadata): FileChange => ({ kind: 'noted', file });
const gone = (file: FileMetadata): FileChange => ({ kind: 'gone', file });
const namesOf = ({ rows }: LoadedRows) => rows.map((row) => row.filename);

describe('applyChanges', () => {
  it('should put a new file in its place by natural order when the list is by name', () => {
    const after = applyChanges(
      loadedOf(['apple', 'IMG_2', 'Zoo']),
      [present(sampleFile('img_10'))],
      sampleScope(),
    );
    expect(namesOf(after)).toEqual(['apple', 'IMG_2', 'img_10', 'Zoo']);
    expect(after.total).toBe(4);
  });

  it('should put the largest first when the list is by size', () => {
    const loaded = { ...loadedOf([]), rows: [sampleFile('b', { size: 50 })], total: 1 };
    const after = applyChanges(
      loaded,
      [present(sampleFile('a', { size: 70 })), present(sampleFile('c', { size: 10 }))],
      sampleScope({ sort: 'size', order: 'desc' }),
    );
    expect(namesOf(after)).toEqual(['a', 'b', 'c']);
  });

  it('should change nothing when it hears of the same change twice', () => {
    const change = present(sampleFile('b'));
    const once = applyChanges(loadedOf(['a', 'c']), [change], sampleScope());
    expect(applyChanges(once, [change], sampleScope()).rows).toEqual(once.rows);
  });

  it('should keep the newer state when an older one arrives late', () => {
    const newest = sampleFile('a', { version: 3, tags: ['new'] });
    const loaded = { ...loadedOf([]), rows: [newest], total: 1 };
    const after = applyChanges(loaded, [present(sampleFile('a', { version: 2 }))], sampleScope());
    expect(after.rows).toEqual([newest]);
  });

  it('should move a file when it gets another name', () => {
    const renamed = sampleFile('x', { id: 'a', version: 2 });
    const after = applyChanges(loadedOf(['a', 'b', 'c']), [present(renamed)], sampleScope());
    expect(namesOf(after)).toEqual(['b', 'c', 'x']);
  });

  it('should show what came into a folder, and no longer what went out of it', () => {
    const scope = { ...sampleScope(), folderId: 'Summer', path: 'Summer' };
    const inside = sampleFile('in', { parentId: 'Summer', storagePath: 'Summer/in' });
    const loaded = { rows: [inside], total: 1, isComplete: true };

    const after = applyChanges(
      loaded,
      [
        present(sampleFile('came', { parentId: 'Summer', storagePath: 'Summer/came', version: 2 })),
        present({ ...inside, parentId: FOLDER_ID, storagePath: 'in', version: 2 }),
        present(sampleFile('elsewhere')),
        present(sampleFolder('Raw', { parentId: 'Summer', storagePath: 'Summer/Raw' })),
        present(sampleFolder('Summer')),
      ],
      scope,
    );

    expect(namesOf(after)).toEqual(['Raw', 'came']);
  });

  it('should keep what came back when an older event tells that it went', () => {
    const back = sampleFile('a', { version: 5 });
    const loaded = { rows: [back], total: 1, isComplete: true };

    const after = applyChanges(
      loaded,
      [present(sampleFile('a', { version: 4, parentId: 'elsewhere' }))],
      sampleScope(),
    );

    expect(after.rows).toEqual([back]);
  });

  it('should look below the folder alone when it is filtered', () => {
    const scope = { ...sampleScope({ text: 'a' }), folderId: 'Summer', path: 'Summer' };
    const fileAt = (storagePath: string) => sampleFile(storagePath, { parentId: 'x', storagePath });

    const after = applyChanges(
      { rows: [], total: 0, isComplete: true },
      [present(fileAt('Summer/Raw/a')), present(fileAt('Summer 2/a')), present(fileAt('a'))],
      scope,
    );

    expect(namesOf(after)).toEqual(['Summer/Raw/a']);
  });

  it('should change a row, and make none, when something is noted of a file wherever it lies', () => {
    const corruptedAt = '2026-08-14T11:00:00.000Z';
    const after = applyChanges(
      loadedOf(['a', 'c'], { total: 10, isComplete: false }),
      [
        noted(sampleFile('a', { corruptedAt, version: 2 })),
        noted(sampleFile('b in the trash', { corruptedAt, version: 2 })),
      ],
      sampleScope(),
    );
    expect(namesOf(after)).toEqual(['a', 'c']);
    expect(after.rows[0]?.corruptedAt).toBe(corruptedAt);
    expect(after).toMatchObject({ total: 10, isTotalUncertain: false });
  });

  it('should take what a folder holds by its newest count, which has no version', () => {
    const loaded = { rows: [sampleFolder('Raw', { size: 10 })], total: 1, isComplete: true };
    const counted = sampleFolder('Raw', { size: 20 });

    const heard = applyChanges(loaded, [present(counted)], sampleScope());
    const asked = applyChanges(
      loaded,
      [{ kind: 'present', file: counted, isFresh: true }],
      sampleScope(),
    );

    expect(heard.rows[0]?.size).toBe(10);
    expect(asked.rows[0]?.size).toBe(20);
  });

  it('should take a file out when it is deleted, moved elsewhere or does not fit the filter any more', () => {
    const elsewhere = sampleFile('b', { parentId: 'another folder', version: 2 });
    expect(
      namesOf(
        applyChanges(
          loadedOf(['a', 'b', 'c']),
          [gone(sampleFile('a')), present(elsewhere)],
          sampleScope(),
        ),
      ),
    ).toEqual(['c']);
    const tagged = { ...loadedOf([]), rows: [sampleFile('a', { tags: ['holiday'] })], total: 1 };
    const untagged = present(sampleFile('a', { version: 2 }));
    expect(applyChanges(tagged, [untagged], sampleScope({ tags: ['holiday'] })).total).toBe(0);
  });

  it('should take in what bears all tags and has the letters in its name when there is a filter', () => {
    const scope = sampleScope({ tags: ['a', 'b'], text: 'été' });
    const fitting = sampleFile('ETE 1', { tags: ['b', 'x', 'a'], parentId: 'deeper' });
    const half = sampleFile('ete 2', { tags: ['a'] });
    const after = applyChanges(loadedOf([]), [present(fitting), present(half)], scope);
    expect(namesOf(after)).toEqual(['ETE 1']);
  });

  it('should leave out what belongs to rows that are not loaded, and doubt the total', () => {
    const loaded = loadedOf(['a', 'b'], { total: 10, isComplete: false });
    const after = applyChanges(loaded, [present(sampleFile('z'))], sampleScope());
    expect(namesOf(after)).toEqual(['a', 'b']);
    expect(after).toMatchObject({ total: 10, isTotalUncertain: true });
  });

  it('should count what comes and goes among loaded rows when more are behind them', () => {
    const loaded = loadedOf(['a', 'c'], { total: 10, isComplete: false });
    const more = applyChanges(loaded, [present(sampleFile('b'))], sampleScope());
    expect(more).toMatchObject({ total: 11, isTotalUncertain: true });
    expect(applyChanges(loaded, [gone(sampleFile('a'))], sampleScope()).total).toBe(9);
  });

  it('should not doubt the total when a row only gets other tags', () => {
    const loaded = loadedOf(['a', 'c'], { total: 10, isComplete: false });
    const tagged = sampleFile('a', { tags: ['x'], version: 2 });
    expect(applyChanges(loaded, [present(tagged)], sampleScope()).isTotalUncertain).toBe(false);
  });

  it('should leave other drives alone when they change', () => {
    const foreign = sampleFile('b', { driveId: 'another drive' });
    const loaded = loadedOf(['a'], { total: 5, isComplete: false });
    expect(applyChanges(loaded, [present(foreign)], sampleScope())).toMatchObject({
      total: 5,
      isTotalUncertain: false,
    });
  });
});

import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { Claim, FileMetadata } from '@homeserver/dto';
import { type Observable, of, throwError } from 'rxjs';

import { Notices } from '../../core/notices';
import { FilesApi, type PageRequest } from '../files-api';
import { SelectionStore } from '../list/selection-store';
import { FileListStore } from '../listing/file-list-store';
import type { ListScope } from '../listing/list-changes';
import { pageOf, sampleFile, sampleScope } from '../testing/sample-file';
import { Undoing } from '../undo/undoing';
import { FileClaims } from './file-claims';
import { FreshFiles } from './fresh-files';

describe('FileClaims', () => {
  const file = sampleFile('b');
  const claim: Claim = {
    id: 'missing',
    filename: 'old name',
    path: 'old name',
    size: 1,
    modifiedAt: '2019-08-14T10:00:00.000Z',
    missingSince: '2025-11-03T10:00:00.000Z',
    tags: ['kept'],
    reason: 'content',
  };
  let answer: (file: FileMetadata, missingId: string) => Observable<FileMetadata>;
  let said: string[];
  let told: string[];
  let list: FileListStore;
  let selection: SelectionStore;
  let claims: FileClaims;

  beforeEach(() => {
    [said, told] = [[], []];
    answer = (came, id) => of({ ...came, id, tags: ['kept'], version: 5 });
    const api = {
      list: (_: ListScope, page: PageRequest) =>
        of(pageOf([sampleFile('a'), file], page.limit, page.cursor)),
      claim: (came: FileMetadata, missingId: string) => answer(came, missingId),
    };
    TestBed.configureTestingModule({
      providers: [
        FileClaims,
        FileListStore,
        FreshFiles,
        SelectionStore,
        { provide: FilesApi, useValue: api },
        { provide: Notices, useValue: { say: (words: string) => said.push(words) } },
        { provide: Undoing, useValue: { tell: (words: string) => told.push(words) } },
      ],
    });
    list = TestBed.inject(FileListStore);
    selection = TestBed.inject(SelectionStore);
    list.show(sampleScope());
    claims = TestBed.inject(FileClaims);
  });

  const ids = () => list.rows().map((row) => row.id);
  const refuse = (status: number, code: string) => {
    const error = { code, detail: `refused: ${code}` };
    answer = () => throwError(() => new HttpErrorResponse({ status, error }));
  };

  it('should put the missing file in the place of the one that came, and select it', async () => {
    selection.only('b');
    expect(await claims.claim(file, claim)).toMatchObject({ id: 'missing', tags: ['kept'] });
    expect(ids()).toEqual(['a', 'missing']);
    expect([...selection.ids()]).toEqual(['missing']);
    expect(claims.isSettled('missing')).toBe(true);
    expect(told).toEqual(['“old name” is known again, with all that was said about it.']);
  });

  it('should leave the selection alone when the person has gone on meanwhile', async () => {
    selection.only('a');
    await claims.claim(file, claim);
    expect([...selection.ids()]).toEqual(['a']);
  });

  it('should say why, and change nothing, when the missing one was claimed by somebody else', async () => {
    refuse(409, 'files.not_missing');
    expect(await claims.claim(file, claim)).toBeNull();
    expect(ids()).toEqual(['a', 'b']);
    expect(said).toEqual(['refused: files.not_missing']);
    expect(claims.isSettled('missing')).toBe(false);
  });

  it('should take the file out of the list when it is gone', async () => {
    refuse(404, 'files.not_found');
    expect(await claims.claim(file, claim)).toBeNull();
    expect(ids()).toEqual(['a']);
    expect(said).toEqual(['“b” is not there any more.']);
  });
});

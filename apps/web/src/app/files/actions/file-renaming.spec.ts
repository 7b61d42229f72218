import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata, PatchFile } from '@homeserver/dto';
import { type Observable, of, throwError } from 'rxjs';

import { Notices } from '../../core/notices';
import { FilesApi, type PageRequest } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import type { ListScope } from '../listing/list-changes';
import { pageOf, sampleFile, sampleScope } from '../testing/sample-file';
import type { UndoStep } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';
import { FileRenaming } from './file-renaming';
import { FreshFiles } from './fresh-files';

describe('FileRenaming', () => {
  const file = sampleFile('b');
  let answer: (file: FileMetadata, change: PatchFile) => Observable<FileMetadata>;
  let said: string[];
  let offered: UndoStep[];
  let list: FileListStore;
  let renaming: FileRenaming;

  beforeEach(() => {
    said = [];
    offered = [];
    answer = (changed, { filename = '' }) =>
      of({ ...changed, filename, version: changed.version + 1 });
    const api = {
      list: (_: ListScope, page: PageRequest) =>
        of(pageOf([sampleFile('a'), file], page.limit, page.cursor)),
      change: (changed: FileMetadata, change: PatchFile) => answer(changed, change),
      metadata: () => of({ ...sampleFile('b', { filename: 'theirs', version: 4 }), ancestors: [] }),
    };
    const notices = { say: (words: string) => said.push(words) };
    const undoing = {
      offer: (step: UndoStep) => {
        said.push(step.words);
        offered.push(step);
      },
    };
    TestBed.configureTestingModule({
      providers: [
        FileListStore,
        FileRenaming,
        FreshFiles,
        { provide: FilesApi, useValue: api },
        { provide: Notices, useValue: notices },
        { provide: Undoing, useValue: undoing },
      ],
    });
    list = TestBed.inject(FileListStore);
    list.show(sampleScope());
    renaming = TestBed.inject(FileRenaming);
  });

  const names = () => list.rows().map((row) => row.filename);
  const refuse = (status: number, code: string) => {
    const error = { code, detail: `refused: ${code}` };
    answer = () => throwError(() => new HttpErrorResponse({ status, error }));
  };

  it('should put the row where its new name belongs', async () => {
    expect(await renaming.rename(file, '0 first')).toBeNull();
    expect(names()).toEqual(['0 first', 'a']);
  });

  it('should let it be undone', async () => {
    await renaming.rename(file, '0 first');
    expect(said).toEqual(['“b” is “0 first” now.']);
    expect(offered).toMatchObject([
      { kind: 'rename', changes: [{ before: { filename: 'b' }, after: { version: 2 } }] },
    ]);
  });

  it('should give the reason for the field when the name is taken', async () => {
    refuse(409, 'files.name_taken');
    expect(await renaming.rename(file, 'a')).toBe('refused: files.name_taken');
    expect(names()).toEqual(['a', 'b']);
  });

  it('should show the newest state when someone else was quicker', async () => {
    refuse(412, 'files.stale');
    expect(await renaming.rename(file, 'mine')).toContain('Someone else changed');
    expect(names()).toEqual(['a', 'theirs']);
  });

  it('should say so and close the field when the file is gone', async () => {
    refuse(404, 'files.not_found');
    expect(await renaming.rename(file, 'c')).toBeNull();
    expect(names()).toEqual(['a']);
    expect(said).toEqual(['“b” is not there any more.']);
  });
});

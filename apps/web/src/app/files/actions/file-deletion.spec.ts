import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { of, throwError } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { AskDialog } from '../../core/sections/ask-dialog';
import { FilesApi, type PageRequest } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import type { ListScope } from '../listing/list-changes';
import { pageOf, sampleFile, sampleScope } from '../testing/sample-file';
import type { UndoStep } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';
import { BulkWork } from './bulk-work';
import { DeleteDialog } from './delete-dialog';
import { FailuresDialog } from './failures-dialog';
import { FileDeletion } from './file-deletion';

describe('FileDeletion', () => {
  const files = ['a', 'b', 'c'].map((name) => sampleFile(name));
  let consents: (boolean | undefined)[];
  let offered: UndoStep[];
  let refusals: Record<string, HttpErrorResponse>;
  let asked: unknown[];
  let reported: unknown[];
  let said: string[];
  let deletion: FileDeletion;
  let list: FileListStore;

  beforeEach(() => {
    jest.useFakeTimers();
    consents = [true, true];
    offered = [];
    refusals = {};
    asked = [];
    reported = [];
    said = [];
    const answer = (id: string) => {
      const refusal = refusals[id];
      return refusal === undefined ? of(undefined) : throwError(() => refusal);
    };
    const api = {
      list: (_: ListScope, page: PageRequest) => of(pageOf(files, page.limit, page.cursor)),
      deleteForGood: (id: string) => answer(id),
      trash: (id: string) => answer(id),
    };
    const dialogs = {
      ask: (component: unknown, data: unknown) => {
        if (component === FailuresDialog) {
          reported.push(data);
          return Promise.resolve(undefined);
        }
        asked.push(component);
        return Promise.resolve(consents.shift());
      },
    };
    const undoing = {
      offer: (step: UndoStep) => {
        said.push(step.words);
        offered.push(step);
      },
      tell: (words: string) => said.push(words),
    };
    TestBed.configureTestingModule({
      providers: [
        BulkWork,
        FileDeletion,
        FileListStore,
        { provide: Dialogs, useValue: dialogs },
        { provide: FilesApi, useValue: api },
        { provide: Undoing, useValue: undoing },
      ],
    });
    deletion = TestBed.inject(FileDeletion);
    list = TestBed.inject(FileListStore);
    list.show(sampleScope());
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const names = () => {
    jest.runOnlyPendingTimers();
    return list.rows().map((row) => row.filename);
  };

  it('should put entries into the trash at once, and say how much it was', async () => {
    expect(await deletion.trash(files.slice(0, 2))).toBe(true);
    expect(asked).toEqual([]);
    expect(names()).toEqual(['c']);
    expect(said).toEqual(['2 files moved to the trash.']);
  });

  it('should let what was put there be brought back, and nothing else', async () => {
    refusals['b'] = new HttpErrorResponse({ status: 423, error: { code: 'files.busy' } });
    await deletion.trash(files.slice(0, 2));
    expect(offered).toMatchObject([{ kind: 'trash', changes: [{ after: { id: 'a' } }] }]);
  });

  it('should delete nothing for good unless both questions are answered by yes', async () => {
    consents = [undefined];
    expect(await deletion.deleteForGood(files)).toBe(false);
    consents = [true, undefined];
    expect(await deletion.deleteForGood(files)).toBe(false);
    expect(asked).toEqual([DeleteDialog, DeleteDialog, AskDialog]);
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('should take what was deleted for good out of the list and say how much it was', async () => {
    expect(await deletion.deleteForGood(files.slice(0, 2))).toBe(true);
    expect(names()).toEqual(['c']);
    expect(said).toEqual(['2 files deleted for good.']);
  });

  it('should count a file as deleted when someone else was quicker', async () => {
    refusals['a'] = new HttpErrorResponse({ status: 404, error: { code: 'files.not_found' } });
    await deletion.trash(files.slice(0, 1));
    expect(names()).toEqual(['b', 'c']);
    expect(said).toEqual(['“a” moved to the trash.']);
  });

  it('should report which files are left and why when some are refused', async () => {
    refusals['b'] = new HttpErrorResponse({
      status: 423,
      error: { code: 'files.busy', detail: 'Busy.' },
    });
    await deletion.trash(files);
    expect(names()).toEqual(['b']);
    expect(reported).toMatchObject([
      {
        participle: 'moved to the trash',
        total: 3,
        failed: [{ item: { id: 'b' }, problem: { detail: 'Busy.' } }],
      },
    ]);
    expect(said).toEqual(['2 files moved to the trash.']);
  });
});

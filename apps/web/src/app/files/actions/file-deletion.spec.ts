import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata } from '@homeserver/dto';
import { of, throwError } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { FilesApi, type PageRequest } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import type { ListScope } from '../listing/list-changes';
import { pageOf, sampleFile, sampleScope } from '../testing/sample-file';
import { BulkWork } from './bulk-work';
import { DeleteDialog } from './delete-dialog';
import { FileDeletion } from './file-deletion';

describe('FileDeletion', () => {
  const files = ['a', 'b', 'c'].map((name) => sampleFile(name));
  let consent: boolean | undefined;
  let refusals: Record<string, HttpErrorResponse>;
  let asked: (readonly FileMetadata[])[];
  let reported: unknown[];
  let said: string[];
  let deletion: FileDeletion;
  let list: FileListStore;

  beforeEach(() => {
    jest.useFakeTimers();
    consent = true;
    refusals = {};
    asked = [];
    reported = [];
    said = [];
    const api = {
      list: (_: ListScope, page: PageRequest) => of(pageOf(files, page.limit, page.cursor)),
      deleteForGood: (id: string) => {
        const refusal = refusals[id];
        return refusal === undefined ? of(undefined) : throwError(() => refusal);
      },
    };
    const dialogs = {
      ask: (component: unknown, data: readonly FileMetadata[]) => {
        (component === DeleteDialog ? asked : reported).push(data);
        return Promise.resolve(consent);
      },
    };
    TestBed.configureTestingModule({
      providers: [
        BulkWork,
        FileDeletion,
        FileListStore,
        { provide: Dialogs, useValue: dialogs },
        { provide: FilesApi, useValue: api },
        { provide: Notices, useValue: { say: (words: string) => said.push(words) } },
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

  it('should delete nothing when the question is not answered by yes', async () => {
    consent = undefined;
    expect(await deletion.ask(files)).toBe(false);
    expect(asked).toEqual([files]);
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('should take what was deleted out of the list and say how much it was', async () => {
    expect(await deletion.ask(files.slice(0, 2))).toBe(true);
    expect(names()).toEqual(['c']);
    expect(said).toEqual(['2 files deleted.']);
  });

  it('should count a file as deleted when someone else was quicker', async () => {
    refusals['a'] = new HttpErrorResponse({ status: 404, error: { code: 'files.not_found' } });
    await deletion.ask(files.slice(0, 1));
    expect(names()).toEqual(['b', 'c']);
    expect(said).toEqual(['“a” deleted.']);
  });

  it('should report which files are left and why when some are refused', async () => {
    refusals['b'] = new HttpErrorResponse({
      status: 423,
      error: { code: 'files.busy', detail: 'Busy.' },
    });
    await deletion.ask(files);
    expect(names()).toEqual(['b']);
    expect(reported).toMatchObject([
      {
        participle: 'deleted',
        total: 3,
        failed: [{ item: { id: 'b' }, problem: { detail: 'Busy.' } }],
      },
    ]);
    expect(said).toEqual(['2 files deleted.']);
  });
});

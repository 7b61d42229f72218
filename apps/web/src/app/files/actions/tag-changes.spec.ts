import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata, PatchFile } from '@homeserver/dto';
import { of, Subject } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { FilesApi, type PageRequest } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import type { ListScope } from '../listing/list-changes';
import { pageOf, sampleFile, sampleScope } from '../testing/sample-file';
import type { UndoStep } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';
import { BulkWork } from './bulk-work';
import { FreshFiles } from './fresh-files';
import { TagChanges } from './tag-changes';

interface Change {
  readonly file: FileMetadata;
  readonly tags: readonly string[];
  readonly answer: Subject<FileMetadata>;
}

function refusal(status: number, code: string): HttpErrorResponse {
  return new HttpErrorResponse({ status, error: { code, detail: `refused: ${code}` } });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

describe('TagChanges', () => {
  let changes: Change[];
  let newest: FileMetadata;
  let said: string[];
  let offered: UndoStep[];
  let reported: unknown[];
  let list: FileListStore;
  let tagChanges: TagChanges;
  const file = sampleFile('a', { tags: ['old'] });

  beforeEach(() => {
    changes = [];
    said = [];
    reported = [];
    offered = [];
    newest = sampleFile('a', { tags: ['theirs'], version: 5 });
    const api = {
      list: (_: ListScope, page: PageRequest) =>
        of(pageOf([file, sampleFile('b')], page.limit, page.cursor)),
      metadata: () => of({ ...newest, ancestors: [] }),
      change: (changed: FileMetadata, { tags = [] }: PatchFile) => {
        const answer = new Subject<FileMetadata>();
        changes.push({ file: changed, tags, answer });
        return answer;
      },
    };
    const notices = { say: (words: string) => said.push(words) };
    const undoing = {
      offer: (step: UndoStep) => {
        said.push(step.words);
        offered.push(step);
      },
    };
    const dialogs = { ask: (_: unknown, data: unknown) => Promise.resolve(reported.push(data)) };
    TestBed.configureTestingModule({
      providers: [
        BulkWork,
        FileListStore,
        FreshFiles,
        TagChanges,
        { provide: Dialogs, useValue: dialogs },
        { provide: FilesApi, useValue: api },
        { provide: Notices, useValue: notices },
        { provide: Undoing, useValue: undoing },
      ],
    });
    list = TestBed.inject(FileListStore);
    list.show(sampleScope());
    tagChanges = TestBed.inject(TagChanges);
  });

  async function answer(index: number): Promise<void> {
    const change = changes[index];
    if (change === undefined) throw new Error(`No change ${index} was sent.`);
    change.answer.next({
      ...change.file,
      tags: [...change.tags],
      version: change.file.version + 1,
    });
    change.answer.complete();
    await settled();
  }

  async function refuse(index: number, failure: HttpErrorResponse): Promise<void> {
    changes[index]?.answer.error(failure);
    await settled();
  }

  it('should show the tags at once, and let them be taken back when the server has them', async () => {
    void tagChanges.set(file, ['old', 'new']);
    expect(tagChanges.tagsOf(file)).toEqual(['old', 'new']);
    await answer(0);
    expect(list.entry('a')).toMatchObject({ tags: ['old', 'new'], version: 2 });
    expect(said).toEqual(['Tag “new” added.']);
    expect(offered).toMatchObject([
      { kind: 'tags', changes: [{ before: { tags: ['old'] }, after: { version: 2 } }] },
    ]);
  });

  it('should send the last of several changes after the one under way', async () => {
    void tagChanges.set(file, ['x']);
    void tagChanges.set(file, ['x', 'y']);
    void tagChanges.set(file, ['x', 'y', 'z']);
    expect(changes).toHaveLength(1);
    await answer(0);
    expect(changes).toHaveLength(2);
    expect(changes[1]).toMatchObject({ tags: ['x', 'y', 'z'], file: { version: 2 } });
    await answer(1);
    expect(said).toEqual(['Tags changed.']);
  });

  it('should show the newest state and say so when someone else was quicker', async () => {
    void tagChanges.set(file, ['mine']);
    await refuse(0, refusal(412, 'files.stale'));
    expect(list.entry('a')).toMatchObject({ tags: ['theirs'], version: 5 });
    expect(tagChanges.tagsOf(newest)).toEqual(['theirs']);
    expect(said[0]).toContain('Someone else changed “a” just now');
  });

  it('should go back and say why when the change is refused', async () => {
    void tagChanges.set(file, ['mine']);
    await refuse(0, refusal(423, 'files.busy'));
    expect(tagChanges.tagsOf(file)).toEqual(['old']);
    expect(said).toEqual(['refused: files.busy']);
  });

  it('should take the file out of the list when it is gone', async () => {
    void tagChanges.set(file, ['mine']);
    await refuse(0, refusal(404, 'files.not_found'));
    expect(list.rows().map((row) => row.id)).toEqual(['b']);
    expect(said).toEqual(['“a” is not there any more.']);
  });

  it('should change several, and know the own tags of each when that is undone', async () => {
    const files = [file, sampleFile('b')];
    void tagChanges.edit(files, { added: ['new'], removed: ['old'] });
    await answer(0);
    await answer(1);
    expect(changes.map(({ tags }) => tags)).toEqual([['new'], ['new']]);
    expect(said).toEqual(['Tags of 2 files changed.']);
    expect(offered[0]?.changes).toMatchObject([
      { before: { tags: ['old'] }, after: { tags: ['new'], version: 2 } },
      { before: { tags: [] }, after: { tags: ['new'], version: 2 } },
    ]);
  });

  it('should do an edit of several anew on the newest state when someone was quicker', async () => {
    void tagChanges.edit([file], { added: ['new'], removed: ['old'] });
    await refuse(0, refusal(412, 'files.stale'));
    expect(changes[1]).toMatchObject({ tags: ['theirs', 'new'], file: { version: 5 } });
    await answer(1);
    expect(offered[0]?.changes).toMatchObject([{ before: { tags: ['theirs'], version: 5 } }]);
  });

  it('should report what failed when some of several cannot be changed', async () => {
    void tagChanges.edit([file, sampleFile('b')], { added: ['new'], removed: [] });
    await refuse(0, refusal(423, 'files.busy'));
    await answer(1);
    expect(reported).toMatchObject([
      { total: 2, failed: [{ item: { id: 'a' }, problem: { code: 'files.busy' } }] },
    ]);
    expect(said).toEqual(['Tags of 1 file changed.']);
  });
});

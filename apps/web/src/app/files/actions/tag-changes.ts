import { inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { countOf } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { Notices } from '../../core/notices';
import { describeProblem } from '../../core/problem';
import { FilesApi } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import { applyEdit, editInWords, hasSameTags, type TagEdit } from '../tags/tag-edits';
import type { EntryChange } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';
import { BulkWork } from './bulk-work';
import { FreshFiles } from './fresh-files';

/** Tags that are shown already and still on their way to the server. */
type Underway = ReadonlyMap<string, readonly string[]>;

/** Changes tags: they are shown at once, and can be taken back afterwards. */
@Injectable()
export class TagChanges {
  private readonly underway = signal<Underway>(new Map());
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);
  private readonly fresh = inject(FreshFiles);
  private readonly work = inject(BulkWork);
  private readonly notices = inject(Notices);
  private readonly undoing = inject(Undoing);

  /** The tags to show: those that a person has chosen, though the server may not know of them yet. */
  tagsOf(file: FileMetadata): readonly string[] {
    return this.underway().get(file.id) ?? file.tags;
  }

  /** Gives an entry other tags. A further change while one is under way follows it. */
  async set(file: FileMetadata, tags: readonly string[]): Promise<void> {
    const isUnderway = this.underway().has(file.id);
    this.show(file.id, tags);
    if (isUnderway) return;
    try {
      const changed = await this.sendUntilSettled(file);
      const words = editInWords(file.tags, changed.tags);
      this.undoing.offer({ kind: 'tags', words, changes: [{ before: file, after: changed }] });
    } catch (failure) {
      // Whatever it is: the tags go back to what the server has, and the person is told.
      await this.explain(file, failure);
    } finally {
      this.show(file.id, null);
    }
  }

  /** Adds and removes tags of several entries, each of which keeps its other ones. */
  async edit(files: readonly FileMetadata[], edit: TagEdit): Promise<void> {
    const before = files.filter((file) => !hasSameTags(file.tags, applyEdit(file.tags, edit)));
    if (before.length === 0) return;
    const changes: EntryChange[] = [];
    await this.work.run({
      verb: 'Changing the tags of',
      participle: 'given other tags',
      files: before,
      act: async (file) => void changes.push(await this.send(file, edit)),
    });
    if (changes.length === 0) return;
    const words = `Tags of ${countOf(changes.length, 'file')} changed.`;
    this.undoing.offer({ kind: 'tags', words, changes });
  }

  private async sendUntilSettled(file: FileMetadata): Promise<FileMetadata> {
    let newest = file;
    for (;;) {
      const wanted = this.underway().get(file.id) ?? newest.tags;
      newest = await firstValueFrom(this.api.change(newest, { tags: [...wanted] }));
      this.list.applyNow([{ kind: 'present', file: newest }]);
      if (this.underway().get(file.id) === wanted) return newest;
    }
  }

  /** An edit fits whatever the entry has become meanwhile: after a refusal it is done anew on that. */
  private async send(file: FileMetadata, edit: TagEdit): Promise<EntryChange> {
    try {
      return await this.sendFrom(file, edit);
    } catch (failure) {
      // Only one that tells of a newer state is tried again.
      const newest = await this.fresh.afterRefusal(file, describeProblem(failure));
      if (typeof newest === 'string') throw failure;
      return this.sendFrom(newest, edit);
    }
  }

  private async sendFrom(before: FileMetadata, edit: TagEdit): Promise<EntryChange> {
    const change = { tags: applyEdit(before.tags, edit) };
    const after = await firstValueFrom(this.api.change(before, change));
    this.list.noteChanges([{ kind: 'present', file: after }]);
    return { before, after };
  }

  private async explain(file: FileMetadata, failure: unknown): Promise<void> {
    const problem = describeProblem(failure);
    const newest = await this.fresh.afterRefusal(file, problem);
    if (newest === 'gone') this.notices.say(`“${file.filename}” is not there any more.`);
    else if (newest === 'unchanged') this.notices.say(problem.detail);
    else {
      this.notices.say(
        `Someone else changed “${file.filename}” just now. Here is its newest state: please make your change again.`,
      );
    }
  }

  private show(id: string, tags: readonly string[] | null): void {
    this.underway.update((before) => {
      const after = new Map(before);
      if (tags === null) after.delete(id);
      else after.set(id, tags);
      return after;
    });
  }
}

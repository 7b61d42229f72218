import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button, countOf, Tag } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { TagStore } from '../listing/tag-store';
import { editOf, sharedTags, type SharedTag } from './tag-edits';
import { TagEditor } from './tag-editor';

/** The tags of several entries together. Closed with what is to be added and removed (TagEdit). */
@Component({
  selector: 'home-tags-dialog',
  imports: [Button, DialogFrame, Tag, TagEditor],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './tags-dialog.html',
  styleUrl: './tags-dialog.scss',
})
export class TagsDialog {
  protected readonly dialog = inject(DialogRef);
  protected readonly store = inject(TagStore);
  protected readonly files = inject<readonly FileMetadata[]>(DIALOG_DATA);
  protected readonly heading = `Tags of ${countOf(this.files.length, 'file')}`;
  protected readonly onAll = signal<readonly string[]>([]);
  protected readonly onSome = computed(() =>
    this.partly().filter(({ tag }) => !this.onAll().includes(tag)),
  );

  private readonly editor = viewChild.required(TagEditor);
  private readonly partly = signal<readonly SharedTag[]>([]);
  private readonly before = sharedTags(this.files);

  constructor() {
    const isOnAll = ({ count }: SharedTag) => count === this.files.length;
    this.onAll.set(this.before.filter(isOnAll).map(({ tag }) => tag));
    this.partly.set(this.before.filter((shared) => !isOnAll(shared)));
    afterNextRender({ read: () => this.editor().focus() });
  }

  protected giveToAll(tag: string): void {
    this.onAll.update((tags) => [...tags, tag]);
  }

  protected takeFromAll(tag: string): void {
    this.partly.update((shared) => shared.filter((other) => other.tag !== tag));
  }

  protected save(): void {
    if (!this.editor().commit()) return;
    const left = this.onSome().map(({ tag }) => tag);
    this.dialog.close(editOf(this.before, this.files.length, this.onAll(), left));
  }
}

import { Clipboard } from '@angular/cdk/clipboard';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button, formatDateTime, Icon } from '@homeserver/ui';

import { FileDownloads } from '../actions/file-downloads';
import { TagChanges } from '../actions/tag-changes';
import { contentsOf, sizeText } from '../entries/entry-count';
import { kindInWords } from '../entries/entry-kind';
import { canBeDownloaded, canBeOpened, natureNote } from '../entries/entry-nature';
import { DriveCondition } from '../listing/drive-condition';
import { FolderOpener } from '../listing/folder-opener';
import { TagStore } from '../listing/tag-store';
import { TagEditor } from '../tags/tag-editor';
import { VersionList } from '../versions/version-list';
import { ClaimNote } from './claim-note';
import { CorruptedNote } from './corrupted-note';
import { FilePicture } from './file-picture';
import { ScanNote } from './scan-note';

const HASH_ENDS = 4;

/** All that is known of one entry, its tags, and what can be done with it. */
@Component({
  selector: 'home-file-details',
  imports: [Button, ClaimNote, CorruptedNote, FilePicture, Icon, ScanNote, TagEditor, VersionList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './file-details.html',
  styleUrl: './file-details.scss',
})
export class FileDetails {
  readonly file = input.required<FileMetadata>();
  readonly headingId = input('home-details-title');

  readonly renameAsked = output();
  readonly deleteAsked = output();
  /** Its folder is about to be shown. */
  readonly opened = output();
  /** It is known to be another entry now, which was missing. */
  readonly claimed = output<FileMetadata>();

  protected readonly tagStore = inject(TagStore);
  protected readonly tags = computed(() => this.tagChanges.tagsOf(this.file()));
  protected readonly facts = computed(() => {
    const file = this.file();
    return [
      { label: 'Type', value: kindInWords(file) },
      ...(file.kind === 'folder' && file.nature === 'plain'
        ? [{ label: 'Holds', value: contentsOf(file) }]
        : []),
      { label: 'Added', value: formatDateTime(new Date(file.uploadDate)) },
      { label: 'Changed', value: formatDateTime(new Date(file.modifiedAt)) },
    ];
  });
  protected readonly size = computed(() => sizeText(this.file()));
  protected readonly note = computed(() => natureNote(this.file()));
  protected readonly canOpen = computed(() => canBeOpened(this.file()));
  protected readonly canDownload = computed(() => canBeDownloaded(this.file()));
  protected readonly condition = inject(DriveCondition);
  protected readonly shortHash = computed(() => shortened(this.file().sha256));
  protected readonly isCopied = linkedSignal({
    source: () => this.file().sha256,
    computation: () => false,
  });

  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly tagChanges = inject(TagChanges);
  private readonly opener = inject(FolderOpener);
  private readonly downloads = inject(FileDownloads);
  private readonly clipboard = inject(Clipboard);

  protected editTags(tags: readonly string[]): void {
    void this.tagChanges.set(this.file(), tags);
  }

  protected open(): void {
    const { id, filename } = this.file();
    this.opened.emit();
    this.opener.open({ id, name: filename });
  }

  protected download(): void {
    this.downloads.download([this.file()]);
  }

  protected handleClaimed(restored: FileMetadata): void {
    this.claimed.emit(restored);
    // The button that was pressed is gone.
    this.heading().nativeElement.focus({ preventScroll: true });
  }

  protected copyHash(): void {
    this.isCopied.set(this.clipboard.copy(this.file().sha256 ?? ''));
  }
}

function shortened(hash: string | null): string | null {
  return hash === null ? null : `${hash.slice(0, HASH_ENDS)}…${hash.slice(-HASH_ENDS)}`;
}

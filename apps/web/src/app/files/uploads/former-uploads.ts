import { computed, inject, Injectable, signal } from '@angular/core';

import { type Chosen, type ChosenFile, joinNames, type SourceHandle } from './chosen-file';
import { OtherTabs } from './other-tabs';
import type { UploadBatch } from './upload-batch';
import { UploadItem } from './upload-item';
import { UploadJournal } from './upload-journal';
import { UploadQueue } from './upload-queue';
import type { UploadRecord } from './upload-record';
import type { UploadTarget } from './upload-target';
import { UploadTransport } from './upload-transport';

/** What a handle can do that was kept. */
interface KeptHandle extends SourceHandle {
  requestPermission?(how: { readonly mode: 'read' }): Promise<PermissionState>;
  getFile?(): Promise<File>;
}

/** For what is chosen in order to go on. */
const ANYWHERE = 'anywhere';

/**
 * The uploads that were under way when the page was loaded anew or the browser ended. Those whose files this
 * browser can open by itself go on at a click; for the others the same files are chosen again.
 */
@Injectable({ providedIn: 'root' })
export class FormerUploads {
  readonly count = computed(() => this.records().length);
  readonly bytes = computed(() => this.records().reduce((sum, { size }) => sum + size, 0));
  readonly names = computed(() => this.records().map(({ name }) => name));
  /** Whether the files can be opened without being chosen again. */
  readonly canOpen = computed(
    () =>
      this.records().length > 0 &&
      this.records().every(({ handle, isFolder }) => handle !== null || isFolder === true),
  );
  readonly hasFolders = computed(() => this.records().some(({ folderPath }) => folderPath !== ''));
  /** How many of those that were chosen again, or opened, are not what they were. */
  readonly changedCount = computed(() => this.changed());
  /** Whether none of those that were chosen last was one of them. */
  readonly isMissed = computed(() => this.missed());

  private readonly records = signal<readonly UploadRecord[]>([]);
  private readonly changed = signal(0);
  private readonly missed = signal(false);
  private readonly journal = inject(UploadJournal);
  private readonly queue = inject(UploadQueue);
  private readonly transport = inject(UploadTransport);
  private readonly tabs = inject(OtherTabs);

  constructor() {
    this.tabs.answerAs(this.journal.tabId);
  }

  /** Looks what is left, beside what other tabs are at work on. */
  async look(): Promise<void> {
    const busy = await this.tabs.find();
    const records = await this.journal.read();
    this.records.set(
      records.filter(({ tabId }) => tabId !== this.journal.tabId && !busy.has(tabId)),
    );
  }

  /** Goes on with those that were chosen again for it, wherever they go. Others are left alone: a folder holds more than what is missing. */
  choose(chosen: readonly Chosen[]): void {
    const before = this.count();
    this.take(chosen, ANYWHERE);
    this.missed.set(this.count() === before);
  }

  /** Takes out of what goes to a folder the files that were on their way to it, and goes on with them. @returns the others */
  takeOver(chosen: readonly Chosen[], target: UploadTarget | null): Chosen[] {
    return this.take(chosen, target);
  }

  private take(chosen: readonly Chosen[], place: UploadTarget | null | typeof ANYWHERE): Chosen[] {
    if (this.records().length === 0) return [...chosen];
    const left = new RecordsByFile(this.records());
    const items: UploadItem[] = [];
    const batches = new Map<string, UploadBatch>();
    const others = chosen.filter((one) => {
      const record = one.kind === 'file' ? left.take(one, place) : null;
      if (record === null || one.kind !== 'file') return true;
      const found = { ...one, folderPath: record.folderPath };
      items.push(new UploadItem(found, this.batchOf(record, batches), record));
      return false;
    });
    if (items.length > 0) this.missed.set(false);
    const rest = left.rest();
    // Folders without anything in them need no file: they go on with the first that does.
    const folders = this.records().filter(({ isFolder }) => isFolder === true);
    const isTaken = items.length > 0 || (rest.length === 0 && place === ANYWHERE);
    if (isTaken) for (const record of folders) items.push(this.folderOf(record, batches));
    this.records.set(isTaken ? rest : [...rest, ...folders]);
    this.queue.enqueue(items);
    for (const batch of batches.values()) batch.isFilled = true;
    return others;
  }

  /** To be called in the handler of a click: the browser may ask whether the files may be read. */
  async goOn(): Promise<void> {
    const found: ChosenFile[] = [];
    const asked = new Map<string, boolean>();
    for (const record of this.records()) {
      const file = await this.open(record, asked);
      if (file !== null) found.push(file);
    }
    // What is not what it was is not sent as something new: the person did not choose it.
    this.take(found, ANYWHERE);
    this.changed.set(this.records().length);
  }

  /** Nothing of it is kept, here or on the server. */
  forget(): void {
    for (const record of this.records()) {
      if (record.url !== null) void this.transport.discard(record.url);
      this.journal.remove(record);
    }
    this.records.set([]);
    this.changed.set(0);
    this.missed.set(false);
  }

  private async open(
    { handle, root, folderPath }: UploadRecord,
    asked: Map<string, boolean>,
  ): Promise<ChosenFile | null> {
    const kept: KeptHandle | null = handle;
    const permitted: KeptHandle | null = root ?? handle;
    if (kept === null || permitted === null) return null;
    try {
      // A folder is asked for once, not for each file that is in it.
      const key = `${permitted.kind} ${permitted.name}`;
      const isAsked = permitted.kind === 'directory' && asked.get(key) === true;
      if (!isAsked)
        asked.set(key, (await permitted.requestPermission?.({ mode: 'read' })) === 'granted');
      const file = await kept.getFile?.();
      if (file === undefined) return null;
      return { kind: 'file', file, folderPath, handle, root };
    } catch {
      // Not allowed, or not there any more: it stays among those to be chosen again.
      return null;
    }
  }

  private folderOf(record: UploadRecord, batches: Map<string, UploadBatch>): UploadItem {
    const folderPath = joinNames(record.folderPath, record.name);
    return new UploadItem({ kind: 'folder', folderPath }, this.batchOf(record, batches), record);
  }

  /** Those that went to one place with the same tags were chosen together. */
  private batchOf({ target, tags }: UploadRecord, batches: Map<string, UploadBatch>): UploadBatch {
    const key = JSON.stringify([target, tags]);
    const batch = batches.get(key) ?? this.queue.open(target);
    batch.tags.set(tags);
    batches.set(key, batch);
    return batch;
  }
}

/** Knows a file again, as far as can be told without reading it; that of the same folder before others. */
class RecordsByFile {
  private readonly groups = new Map<string, UploadRecord[]>();

  constructor(records: readonly UploadRecord[]) {
    for (const record of records) {
      if (record.isFolder === true) continue;
      const key = keyOf(record);
      this.groups.set(key, [...(this.groups.get(key) ?? []), record]);
    }
  }

  take(
    { file, folderPath }: ChosenFile,
    place: UploadTarget | null | typeof ANYWHERE,
  ): UploadRecord | null {
    const key = keyOf(file);
    const group = this.groups.get(key) ?? [];
    const same = group.filter((one) => one.folderPath === folderPath);
    const record =
      place === ANYWHERE
        ? (same[0] ?? group[0] ?? null)
        : (same.find(({ target }) => target?.folderId === place?.folderId) ?? null);
    this.groups.set(
      key,
      group.filter((one) => one !== record),
    );
    return record;
  }

  rest(): UploadRecord[] {
    return [...this.groups.values()].flat();
  }
}

function keyOf({ name, size, lastModified }: Pick<File, 'name' | 'size' | 'lastModified'>): string {
  return `${size} ${lastModified} ${name}`;
}

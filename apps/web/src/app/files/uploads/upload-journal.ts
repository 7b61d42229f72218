import { inject, Injectable } from '@angular/core';

import { SessionStore } from '../../core/session-store';
import { JournalDatabase } from './journal-database';
import type { UploadItem } from './upload-item';
import { UPLOADS_MARK, type UploadRecord } from './upload-record';

/** A thousand small files a minute are not a thousand transactions. */
const WRITE_AFTER_MS = 300;

/** Remembers, in this browser, what is on its way. Where the browser lets it not, uploads go on without. */
@Injectable({ providedIn: 'root' })
export class UploadJournal {
  readonly tabId = String(Math.random()).slice(2);

  private readonly database = inject(JournalDatabase);
  private readonly session = inject(SessionStore);
  private readonly puts = new Map<string, UploadRecord>();
  private readonly removals = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    window.addEventListener('pagehide', () => void this.flush());
  }

  put(items: readonly UploadItem[]): void {
    const userId = this.session.user()?.id;
    if (userId === undefined) return;
    for (const item of items) {
      if (item.isUnreadable || item.state === 'over') continue;
      this.removals.delete(item.id);
      this.puts.set(item.id, this.recordOf(item, userId));
    }
    this.flushSoon();
  }

  remove(item: { readonly id: string }): void {
    this.puts.delete(item.id);
    this.removals.add(item.id);
    this.flushSoon();
  }

  /** Those of the person who is signed in, whatever tab they are of. */
  async read(): Promise<UploadRecord[]> {
    await this.flush();
    const userId = this.session.user()?.id;
    const records = await this.database.readAll();
    return records.filter((record) => record.userId === userId);
  }

  private recordOf(item: UploadItem, userId: string): UploadRecord {
    const { id, name, size, isFolder, folderPath, batch, conflict, url, handle, root } = item;
    const { lastModified } = item.file;
    const { tabId } = this;
    const tags = batch.tags();
    const begunTags = item.tags;
    const place = { folderPath, target: batch.target, tags, begunTags, conflict, url };
    return { id, userId, tabId, name, size, lastModified, isFolder, ...place, handle, root };
  }

  private flushSoon(): void {
    this.timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS);
  }

  /** At once, such as when there is nothing left to do: the page may be left now. */
  async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.puts.size === 0 && this.removals.size === 0) return;
    const puts = [...this.puts.values()];
    const removals = [...this.removals];
    this.puts.clear();
    this.removals.clear();
    const isEmpty = await this.database.write(puts, removals);
    markUploads(!isEmpty);
  }
}

function markUploads(isThere: boolean): void {
  try {
    if (isThere) localStorage.setItem(UPLOADS_MARK, '1');
    else localStorage.removeItem(UPLOADS_MARK);
  } catch {
    // A browser that keeps nothing: there is nothing to offer after a reload then.
  }
}

import { Injectable } from '@angular/core';

import type { UploadRecord } from './upload-record';

const NAME = 'homeserver-uploads';
const STORE = 'uploads';

/** The records of uploads in IndexedDB. A browser that has none, as some private windows, keeps nothing. */
@Injectable({ providedIn: 'root' })
export class JournalDatabase {
  private opened: Promise<IDBDatabase | null> | null = null;

  /** @returns whether nothing is kept any more */
  async write(puts: readonly UploadRecord[], removals: readonly string[]): Promise<boolean> {
    const database = await this.open();
    if (database === null) return true;
    return new Promise((resolve) => {
      const transaction = database.transaction(STORE, 'readwrite');
      const store = transaction.objectStore(STORE);
      for (const record of puts) store.put(record);
      for (const id of removals) store.delete(id);
      const count = store.count();
      transaction.oncomplete = () => resolve(count.result === 0);
      // Such as a full disk: the uploads themselves go on.
      transaction.onabort = () => resolve(false);
    });
  }

  async readAll(): Promise<UploadRecord[]> {
    const database = await this.open();
    if (database === null) return [];
    return new Promise((resolve) => {
      const records = database.transaction(STORE).objectStore(STORE).getAll();
      records.onsuccess = () => resolve(records.result.filter(isRecord));
      records.onerror = () => resolve([]);
    });
  }

  private open(): Promise<IDBDatabase | null> {
    return (this.opened ??= new Promise((resolve) => {
      if (!('indexedDB' in globalThis)) {
        resolve(null);
        return;
      }
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
      request.onblocked = () => resolve(null);
    }));
  }
}

/** An earlier version of the page may have kept something else. */
function isRecord(value: unknown): value is UploadRecord {
  return typeof value === 'object' && value !== null && 'id' in value && 'lastModified' in value;
}

import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { FileDetails } from '@homeserver/dto';

import { sampleFile, sampleFolder } from '../testing/sample-file';
import { FolderStore } from './folder-store';

const ROOT = { id: 'root', filename: 'Files' };
const SUMMER = sampleFolder('Summer', { parentId: 'root' });

function detailsOf(changes: Partial<FileDetails> = {}): FileDetails {
  return { ...SUMMER, ancestors: [ROOT], scan: null, ...changes };
}

describe('FolderStore', () => {
  let server: HttpTestingController;
  let store: FolderStore;

  beforeEach(() => {
    jest.useFakeTimers();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), FolderStore],
    });
    server = TestBed.inject(HttpTestingController);
    store = TestBed.inject(FolderStore);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function open(details = detailsOf()): void {
    store.show(details.id);
    answer(details);
  }

  function answer(details: FileDetails): void {
    server.expectOne(`/api/v1/files/${details.id}/metadata`).flush(details);
  }

  const names = () => store.crumbs().map(({ name }) => name);

  it('should know the way to the folder when it is open', () => {
    open();

    expect(names()).toEqual(['Files', 'Summer']);
  });

  it('should show the way at once when a folder is opened from the one before', () => {
    open();
    store.expect({ id: 'raw', name: 'Raw' });
    store.show('raw');
    expect(names()).toEqual(['Files', 'Summer', 'Raw']);

    store.expect({ id: 'root', name: 'Files' });
    store.show('root');
    expect(names()).toEqual(['Files']);
  });

  it('should take its new name when it, or a folder above, is renamed', () => {
    open();

    store.take({ kind: 'present', file: { ...SUMMER, filename: 'Winter', version: 2 } });
    answer(detailsOf({ filename: 'Winter' }));
    expect(names()).toEqual(['Files', 'Winter']);

    store.take({ kind: 'present', file: sampleFolder('root') });
    answer(detailsOf({ ancestors: [{ id: 'root', filename: 'Home' }], filename: 'Winter' }));
    expect(names()).toEqual(['Home', 'Winter']);
  });

  it('should say that it is gone when it is deleted, or when the server knows no such folder', () => {
    open();
    store.take({ kind: 'gone', file: SUMMER });
    expect(store.isGone()).toBe(true);

    store.show('other');
    expect(store.isGone()).toBe(false);
    server
      .expectOne('/api/v1/files/other/metadata')
      .flush({ code: 'files.not_found' }, { status: 404, statusText: 'Not Found' });
    expect(store.isGone()).toBe(true);
  });

  it('should count anew once when a burst of files has come', async () => {
    open();
    for (const name of ['a', 'b', 'c']) store.take({ kind: 'present', file: sampleFile(name) });

    await jest.advanceTimersByTimeAsync(1500);
    answer(detailsOf({ size: 300 }));

    expect(store.details()?.size).toBe(300);
    await jest.advanceTimersByTimeAsync(5000);
    server.verify();
  });
});

import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata, ScanMark } from '@homeserver/dto';
import { type Observable, of, throwError } from 'rxjs';

import { FilesApi } from '../files-api';
import { elementOf } from '../testing/rendered';
import { sampleFile, sampleFolder } from '../testing/sample-file';
import { ScanNote } from './scan-note';

describe('ScanNote', () => {
  let asked: string[];
  let answer: () => Observable<{ scan: ScanMark | null }>;

  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    answer = () => of({ scan: 'not_scanned' });
    const metadata = (id: string) => {
      asked.push(id);
      return answer();
    };
    TestBed.configureTestingModule({
      providers: [{ provide: FilesApi, useValue: { metadata } }],
    });
  });
  afterEach(() => jest.useRealTimers());

  async function open(first: FileMetadata) {
    const fixture = TestBed.createComponent(ScanNote);
    const show = async (file: FileMetadata, stayedMs = 300) => {
      fixture.componentRef.setInput('file', file);
      TestBed.tick();
      await jest.advanceTimersByTimeAsync(stayedMs);
      TestBed.tick();
    };
    await show(first);
    return { show, words: () => elementOf(fixture).textContent.trim() };
  }

  it('should warn when the file was not scanned', async () => {
    const { words } = await open(sampleFile('one'));
    expect(words()).toContain('could not be scanned');
  });

  it('should say that nothing was found when it is clean', async () => {
    answer = () => of({ scan: 'clean' });
    expect((await open(sampleFile('one'))).words()).toContain('found nothing');
  });

  it('should say nothing when nobody scanned, it cannot be told, or it is a folder', async () => {
    answer = () => of({ scan: null });
    const { show, words } = await open(sampleFile('one'));
    expect(words()).toBe('');
    answer = () => throwError(() => new HttpErrorResponse({ status: 500 }));
    await show(sampleFile('two'));
    expect(words()).toBe('');
    await show(sampleFolder('three'));
    expect(asked).toEqual(['one', 'two']);
  });

  it('should ask once for a content, and about none that is only passed', async () => {
    const { show } = await open(sampleFile('one'));
    await show(sampleFile('passed'), 100);
    await show(sampleFile('two'));
    await show(sampleFile('two', { version: 2, tags: ['a'] }));
    expect(asked).toEqual(['one', 'two']);
    const modifiedAt = '2026-08-15T10:00:00.000Z';
    await show(sampleFile('two', { version: 3, modifiedAt }));
    await show(sampleFile('two', { version: 4, modifiedAt, uploadDate: modifiedAt }));
    expect(asked).toEqual(['one', 'two', 'two', 'two']);
  });
});

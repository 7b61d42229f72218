import { HttpErrorResponse } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Claim, ClaimList, FileMetadata } from '@homeserver/dto';
import { type Observable, of, throwError } from 'rxjs';

import { FileClaims } from '../actions/file-claims';
import { FilesApi } from '../files-api';
import { DriveCondition } from '../listing/drive-condition';
import { elementOf } from '../testing/rendered';
import { sampleFile, sampleFolder } from '../testing/sample-file';
import { ClaimNote } from './claim-note';

function claimOf(id: string): Claim {
  return {
    id,
    filename: `${id}.jpg`,
    path: `Photos/${id}.jpg`,
    size: 1,
    modifiedAt: '2019-08-14T10:00:00.000Z',
    missingSince: '2025-11-03T10:00:00.000Z',
    tags: ['a'],
    reason: 'content',
  };
}

describe('ClaimNote', () => {
  const file = sampleFile('came');
  const restored = sampleFile('came', { id: 'one' });
  let answer: (id: string) => Observable<ClaimList>;
  let asked: string[];
  let refusal: ReturnType<typeof signal<string | null>>;
  let settled: ReturnType<typeof signal<string | null>>;
  let accepted: [string, string][];
  let outcome: FileMetadata | null;

  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    accepted = [];
    outcome = restored;
    refusal = signal<string | null>(null);
    settled = signal<string | null>(null);
    answer = () => of({ items: [claimOf('one'), claimOf('two')] });
    const api = {
      claims: (id: string) => {
        asked.push(id);
        return answer(id);
      },
    };
    const claims = {
      isSettled: (id: string) => settled() === id,
      claim: (came: FileMetadata, claim: Claim) => {
        accepted.push([came.id, claim.id]);
        return Promise.resolve(outcome);
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: api },
        { provide: FileClaims, useValue: claims },
        { provide: DriveCondition, useValue: { refusal } },
      ],
    });
  });
  afterEach(() => jest.useRealTimers());

  async function open(shown: FileMetadata = file) {
    const fixture = TestBed.createComponent(ClaimNote);
    const claimed: string[] = [];
    fixture.componentInstance.claimed.subscribe(({ id }) => claimed.push(id));
    const settle = async () => {
      TestBed.tick();
      await jest.advanceTimersByTimeAsync(300);
      TestBed.tick();
    };
    const show = async (other: FileMetadata) => {
      fixture.componentRef.setInput('file', other);
      await settle();
    };
    await show(shown);
    const element = elementOf(fixture);
    const words = () => element.querySelector('p')?.textContent ?? '';
    const press = async (name: string) => {
      const buttons = [...element.querySelectorAll('button')];
      buttons.find(({ textContent }) => textContent.includes(name))?.click();
      await settle();
    };
    return { element, claimed, fixture, press, show, words };
  }

  it('should say which missing file it may be, and ask once, when there is one', async () => {
    const { show, words } = await open();
    expect(words()).toContain('“one.jpg”, gone from Photos since 3 Nov 2025, with the tag a.');
    await show({ ...file, version: 2 });
    expect(asked).toEqual(['came']);
  });

  it('should show the next, and then the first again, when another one is asked for', async () => {
    const { press, words } = await open();
    await press('Another?');
    expect(words()).toContain('two.jpg');
    await press('Another?');
    expect(words()).toContain('one.jpg');
  });

  it('should hand over the one in sight when it is the same file', async () => {
    const { claimed, press } = await open();
    await press('Another?');
    await press('It is the same file');
    expect(accepted).toEqual([['came', 'two']]);
    expect(claimed).toEqual(['one']);
  });

  it('should stay when it was refused', async () => {
    outcome = null;
    const { claimed, press, words } = await open();
    await press('It is the same file');
    expect(claimed).toEqual([]);
    expect(words()).toContain('one.jpg');
  });

  it('should offer no other one when there is none', async () => {
    answer = () => of({ items: [claimOf('one')] });
    expect((await open()).element.querySelectorAll('button')).toHaveLength(1);
  });

  it('should say nothing when there is none, or it cannot be told', async () => {
    answer = () => of({ items: [] });
    const { element, show } = await open();
    expect(element.textContent.trim()).toBe('');
    answer = () => throwError(() => new HttpErrorResponse({ status: 500 }));
    await show(sampleFile('next'));
    expect(element.textContent.trim()).toBe('');
    // One failure does not silence it for the files that follow.
    answer = () => of({ items: [claimOf('one')] });
    await show(sampleFile('last'));
    expect(element.textContent).toContain('one.jpg');
  });

  it('should not ask when it is a folder, may not be changed, or was claimed here', async () => {
    await open(sampleFolder('folder'));
    refusal.set('You may look at it.');
    await open();
    refusal.set(null);
    settled.set('came');
    await open();
    expect(asked).toEqual([]);
  });

  it('should not ask about files that are only passed', async () => {
    const { fixture, show } = await open(sampleFolder('folder'));
    fixture.componentRef.setInput('file', sampleFile('passed'));
    TestBed.tick();
    await jest.advanceTimersByTimeAsync(100);
    await show(file);
    expect(asked).toEqual(['came']);
  });
});

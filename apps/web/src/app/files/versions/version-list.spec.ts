import { HttpErrorResponse } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata, FileVersion, FileVersionPage } from '@homeserver/dto';
import { type Observable, of, throwError } from 'rxjs';

import { Clock } from '../../core/clock';
import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { FileDownloads } from '../actions/file-downloads';
import { FilesApi, type PageRequest } from '../files-api';
import { DriveCondition } from '../listing/drive-condition';
import { FileListStore } from '../listing/file-list-store';
import { elementOf } from '../testing/rendered';
import { DRIVE_ID, sampleFile, sampleFolder } from '../testing/sample-file';
import type { UndoStep } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';
import { VersionList } from './version-list';

function versionOf(id: string): FileVersion {
  return {
    id,
    fileId: 'a.txt',
    driveId: DRIVE_ID,
    size: 100,
    sha256: null,
    contentType: 'text/plain',
    modifiedAt: '2026-08-14T09:00:00.000Z',
    replacedAt: '2026-08-14T10:00:00.000Z',
    replacedBy: id,
    corruptedAt: null,
  };
}

function pageOf(ids: readonly string[], nextCursor: string | null = null): FileVersionPage {
  return { items: ids.map(versionOf), nextCursor };
}

describe('VersionList', () => {
  const file = sampleFile('a.txt');
  let answer: (request: PageRequest) => Observable<FileVersionPage>;
  let asked: string[];
  let restored: string[];
  let deleted: string[];
  let downloaded: string[];
  let applied: FileMetadata[];
  let offered: UndoStep[];
  let said: string[];
  let told: string[];
  let consent: boolean;
  let refusal: ReturnType<typeof signal<string | null>>;

  beforeEach(() => {
    jest.useFakeTimers();
    answer = () => of(pageOf(['anna', 'ben']));
    [asked, restored, deleted, downloaded, applied, said] = [[], [], [], [], [], []];
    [offered, told] = [[], []];
    consent = true;
    refusal = signal<string | null>(null);
    const api = {
      versions: (id: string, request: PageRequest) => {
        asked.push(id);
        return answer(request);
      },
      restoreVersion: (_: string, id: string) => {
        restored.push(id);
        return of({ ...file, version: 2 });
      },
      deleteVersion: (_: string, id: string) => {
        deleted.push(id);
        return of(undefined);
      },
    };
    const notices = { say: (words: string) => said.push(words) };
    const undoing = {
      offer: (step: UndoStep) => {
        said.push(step.words);
        offered.push(step);
      },
      tell: (words: string, advice: string | null) =>
        told.push(advice === null ? words : `${words} ${advice}`),
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: api },
        {
          provide: FileDownloads,
          useValue: { downloadVersion: ({ id }: FileVersion) => downloaded.push(id) },
        },
        {
          provide: FileListStore,
          useValue: {
            applyNow: ([change]: { file: FileMetadata }[]) => change && applied.push(change.file),
          },
        },
        { provide: DriveCondition, useValue: { refusal } },
        { provide: Dialogs, useValue: { ask: () => Promise.resolve(consent) } },
        { provide: Notices, useValue: notices },
        { provide: Undoing, useValue: undoing },
        { provide: Clock, useValue: { now: signal(new Date('2026-08-14T10:02:30.000Z')) } },
      ],
    });
  });
  afterEach(() => jest.useRealTimers());

  async function open(shown: FileMetadata = file) {
    const fixture = TestBed.createComponent(VersionList);
    const settle = async () => {
      TestBed.tick();
      await jest.advanceTimersByTimeAsync(300);
      TestBed.tick();
    };
    const show = async (other: FileMetadata) => {
      fixture.componentRef.setInput('file', other);
      await settle();
    };
    const element = elementOf(fixture);
    fixture.componentRef.setInput('file', shown);
    TestBed.tick();
    const words = () => element.textContent.replace(/\s+/g, ' ').trim();
    const buttons = (name: string) =>
      [...element.querySelectorAll('button')].filter((button) =>
        (button.getAttribute('aria-label') ?? button.textContent).trim().startsWith(name),
      );
    const press = async (name: string, place = 0) => {
      buttons(name)[place]?.click();
      await settle();
    };
    return { buttons, element, press, settle, show, words };
  }

  it('should say what the file was, the latest first, when it is known', async () => {
    const { element, settle, words } = await open();
    expect(element.querySelectorAll('.skeleton')).toHaveLength(2);
    await settle();
    expect(words()).toMatch(
      /^Earlier versions ?Replaced 2 min ago.*by anna ?Replaced 2 min ago.*by ben$/,
    );
  });

  it('should say so when there are none', async () => {
    answer = () => of(pageOf([]));
    const { settle, words } = await open();
    await settle();
    expect(words()).toContain('There are none.');
  });

  it('should say what is wrong, and ask again, when they cannot be had', async () => {
    answer = () => throwError(() => new HttpErrorResponse({ status: 500 }));
    const { element, press, settle } = await open();
    await settle();
    expect(element.querySelector('[role=alert]')).not.toBeNull();
    answer = () => of(pageOf(['anna']));
    await press('Try again');
    expect(element.textContent).toContain('by anna');
  });

  it('should take no room, and ask nothing, when it is a folder or a link', async () => {
    const { element, settle, show } = await open(sampleFolder('album'));
    await settle();
    await show(sampleFile('link', { nature: 'link' }));
    expect(element.querySelector('section')).toBeNull();
    expect(asked).toEqual([]);
  });

  it('should ask about none of the files that somebody only passes by', async () => {
    const { show } = await open();
    await show(sampleFile('b.txt'));
    expect(asked).toEqual(['b.txt']);
  });

  it('should keep what is in sight while it asks anew, when the file has changed', async () => {
    const { element, settle, show } = await open();
    await settle();
    answer = () => of(pageOf(['carla', 'anna', 'ben']));
    const shown = show({ ...file, version: 2 });
    expect(element.textContent).toContain('by anna');
    await shown;
    expect(element.textContent).toContain('by carla');
  });

  it('should restore one at once, and offer the way back', async () => {
    const { press, settle } = await open();
    await settle();
    answer = () => of(pageOf(['carla']));
    await press('Restore', 1);
    expect(restored).toEqual(['ben']);
    expect(applied).toEqual([{ ...file, version: 2 }]);
    expect(said[0]).toContain('“a.txt” is as it was until');
    expect(offered).toMatchObject([
      { kind: 'content', versionId: 'carla', changes: [{ before: file, after: { version: 2 } }] },
    ]);
  });

  it('should tell that one is restored, and what to do instead, when the way back is not known', async () => {
    const { element, press, settle } = await open();
    await settle();
    answer = () => throwError(() => new HttpErrorResponse({ status: 502 }));
    await press('Restore', 1);
    expect(told).toEqual([
      expect.stringMatching(
        /^“a.txt” is as it was until .*\. restore the newest of its earlier versions instead$/,
      ),
    ]);
    expect(offered).toEqual([]);
    expect(element.querySelector('[role=alert]')).toBeNull();
  });

  it('should delete one, after a question, and show the others', async () => {
    const { element, press, settle } = await open();
    await settle();
    consent = false;
    await press('Delete');
    expect(deleted).toEqual([]);
    consent = true;
    await press('Delete');
    expect(deleted).toEqual(['anna']);
    expect(told).toEqual(['The earlier version is deleted.']);
    expect(element.textContent).not.toContain('by anna');
    expect(element.textContent).toContain('by ben');
    expect(document.activeElement?.textContent).toBe('Earlier versions');
  });

  it('should have the browser fetch one when it is downloaded', async () => {
    const { press, settle } = await open();
    await settle();
    await press('Download', 1);
    expect(downloaded).toEqual(['ben']);
  });

  it('should show more when there are more', async () => {
    answer = ({ cursor }) => of(cursor === null ? pageOf(['anna'], 'next') : pageOf(['ben']));
    const { buttons, element, press, settle } = await open();
    await settle();
    await press('Show more');
    expect(element.textContent).toContain('by ben');
    expect(buttons('Show more')).toEqual([]);
  });

  it('should warn of one that is corrupted, which can be restored all the same', async () => {
    const corrupted = { ...versionOf('anna'), corruptedAt: '2026-08-14T10:01:00.000Z' };
    answer = () => of({ items: [corrupted, versionOf('ben')], nextCursor: null });
    const { buttons, element, press, settle } = await open();
    await settle();
    const facts = [...element.querySelectorAll('.facts')];
    expect(facts.map((line) => line.querySelector('home-icon') !== null)).toEqual([true, false]);
    expect(facts[0]?.textContent.trim()).toMatch(/^corrupted, /);
    expect(buttons('Restore').map(({ title }) => title)).toEqual([
      'Restore, although it is corrupted',
      'Restore',
    ]);
    await press('Restore');
    expect(restored).toEqual(['anna']);
  });

  it('should offer no change where nothing can be changed', async () => {
    refusal.set('This drive is read-only.');
    const { buttons, settle } = await open();
    await settle();
    expect(buttons('Restore').every(({ disabled }) => disabled)).toBe(true);
    expect(buttons('Delete').every(({ disabled }) => disabled)).toBe(true);
    expect(buttons('Download').some(({ disabled }) => disabled)).toBe(false);
  });
});

import { HttpErrorResponse } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Drive, TrashPage as Answer } from '@homeserver/dto';
import { type Observable, of } from 'rxjs';

import { DrivesStore } from '../../core/drives-store';
import { JobsStore } from '../../core/jobs/jobs-store';
import { describeProblem, type ProblemView } from '../../core/problem';
import { exampleDrive } from '../../core/testing/example-drive';
import { elementOf } from '../testing/rendered';
import { DRIVE_ID, sampleFile } from '../testing/sample-file';
import { UndoStack } from '../undo/undo-stack';
import { TrashApi } from './trash-api';
import { TrashPage } from './trash-page';

const DRIVE = exampleDrive({ id: DRIVE_ID, name: 'Files' });

function pageOf(names: readonly string[], nextCursor: string | null = null): Answer {
  const items = names.map((name) => ({
    id: name,
    file: sampleFile(name),
    trashedAt: '2026-08-14T10:00:00.000Z',
    expiresAt: '2026-09-13T10:00:00.000Z',
  }));
  return { items, nextCursor };
}

describe('TrashPage', () => {
  const drives = signal<readonly Drive[] | null>(null);
  const problem = signal<ProblemView | null>(null);
  let answer: (cursor: string | null) => Observable<Answer>;

  beforeEach(() => {
    drives.set([DRIVE]);
    problem.set(null);
    answer = () => of(pageOf(['a']));
    const api = { list: (cursor: string | null) => answer(cursor) };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: TrashApi, useValue: api },
        { provide: DrivesStore, useValue: { drives, problem } },
        { provide: JobsStore, useValue: {} },
        { provide: UndoStack, useValue: {} },
      ],
    });
  });

  async function open() {
    const fixture = TestBed.createComponent(TrashPage);
    await fixture.whenStable();
    const element = elementOf(fixture);
    const heads = () => [...element.querySelectorAll('h2')].map((head) => head.textContent);
    const older = () => element.querySelector<HTMLButtonElement>('.more');
    return { element, fixture, heads, older };
  }

  it('should say that it is empty when it is', async () => {
    answer = () => of(pageOf([]));
    const { element, older } = await open();
    expect(element.textContent).toContain('The trash is empty');
    expect(older()).toBeNull();
  });

  it('should not say that it is empty when there is something older', async () => {
    answer = () => of(pageOf([], 'next'));
    const { element, older } = await open();
    expect(element.textContent).not.toContain('The trash is empty');
    expect(older()).not.toBeNull();
  });

  it('should give the keyboard to its heading when all that is older is shown', async () => {
    answer = (cursor) => of(cursor === null ? pageOf(['a'], 'next') : pageOf(['b']));
    const { element, fixture, older } = await open();
    older()?.focus();
    older()?.click();
    await fixture.whenStable();
    expect(element.querySelectorAll('li')).toHaveLength(2);
    expect(older()).toBeNull();
    expect(document.activeElement?.textContent).toBe('Trash');
  });

  it('should wait for the drives, whose names and order it shows', async () => {
    drives.set(null);
    const { element, fixture, heads } = await open();
    expect(heads()).toEqual([]);
    expect(element.querySelector('[role=status]')?.textContent).toBe('Loading the trash');
    drives.set([DRIVE]);
    await fixture.whenStable();
    expect(heads()).toEqual(['Files']);
  });

  it('should show what it knows when the drives cannot be had', async () => {
    drives.set(null);
    problem.set(describeProblem(new HttpErrorResponse({ status: 500 })));
    const { heads } = await open();
    expect(heads()).toEqual(['Drive']);
  });
});

import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { of } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { FilesApi } from '../files-api';
import { sampleFile } from '../testing/sample-file';
import { TrashApi } from '../trash/trash-api';
import { UndoCalls } from './undo-calls';
import type { UndoStep } from './undo-step';

describe('UndoCalls', () => {
  let restored: string[];
  let version: number;
  let sha256: string | null;
  let calls: UndoCalls;

  beforeEach(() => {
    [restored, version, sha256] = [[], 2, null];
    const api = {
      metadata: () => of({ ...sampleFile('budget', { version, sha256 }), ancestors: [] }),
      restoreVersion: (id: string, versionId: string) => {
        restored.push(`${id} ${versionId}`);
        return of(sampleFile(id, { version: version + 1 }));
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: api },
        { provide: TrashApi, useValue: {} },
        { provide: JobsStore, useValue: {} },
      ],
    });
    calls = TestBed.inject(UndoCalls);
  });

  const before = sampleFile('budget');
  const after = sampleFile('budget', { version: 2 });
  const change = { before, after };
  const step: UndoStep = { kind: 'content', versionId: 'v', words: '', changes: [change] };

  it('should bring the content back that was there before', async () => {
    await calls.takeBack(step, change);
    expect(restored).toEqual(['budget v']);
  });

  it('should leave what somebody else has saved since', async () => {
    version = 3;
    const refusal = await calls.takeBack(step, change).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HttpErrorResponse);
    expect(refusal).toMatchObject({ status: 412 });
    expect(restored).toEqual([]);
  });

  it.each([
    { what: 'the same', was: 'one', is: 'one', isKnown: true },
    { what: 'another', was: 'one', is: 'two', isKnown: false },
    { what: 'not known', was: null, is: null, isKnown: false },
  ])('should tell whether its content is as before when its hash is $what', async (hashes) => {
    sha256 = hashes.is;
    const now = await calls.findUndone(step, { before: { ...before, sha256: hashes.was }, after });
    expect(now !== null).toBe(hashes.isKnown);
  });
});

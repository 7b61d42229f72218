import { TestBed } from '@angular/core/testing';
import { of, throwError } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { JobsStore } from '../../core/jobs/jobs-store';
import { exampleJob } from '../../core/testing/example-job';
import { BulkWork } from '../actions/bulk-work';
import { FilesApi } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import { DRIVE_ID, FOLDER_ID, sampleFile, sampleFolder } from '../testing/sample-file';
import { UndoStack } from '../undo/undo-stack';
import type { PastStep, UndoStep } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';
import { FileTransfers } from './file-transfers';

const SUMMER = { driveId: DRIVE_ID, folderId: 'summer', name: 'Summer' };

describe('FileTransfers', () => {
  const api = { move: jest.fn(), copy: jest.fn() };
  const list = { noteChanges: jest.fn(), applyNow: jest.fn() };
  const jobs = { add: jest.fn() };
  const asked: string[] = [];
  const said: string[] = [];
  const offered: UndoStep[] = [];
  const noted: PastStep[] = [];
  let transfers: FileTransfers;

  beforeEach(() => {
    jest.resetAllMocks();
    said.length = asked.length = offered.length = noted.length = 0;
    api.move.mockImplementation((file: { version: number }, place: { folderId: string }) =>
      of({ kind: 'file', file: { ...file, parentId: place.folderId, version: file.version + 1 } }),
    );
    const undoing = {
      offer: (step: UndoStep) => {
        said.push(step.words);
        offered.push(step);
      },
      tell: (words: string) => said.push(words),
    };
    const dialogs = {
      ask: (_: unknown, data: object) => Promise.resolve(asked.push(JSON.stringify(data))),
    };
    TestBed.configureTestingModule({
      providers: [
        BulkWork,
        FileTransfers,
        { provide: Dialogs, useValue: dialogs },
        { provide: FilesApi, useValue: api },
        { provide: FileListStore, useValue: list },
        { provide: JobsStore, useValue: jobs },
        { provide: Undoing, useValue: undoing },
        { provide: UndoStack, useValue: { push: (step: PastStep) => noted.push(step) } },
      ],
    });
    transfers = TestBed.inject(FileTransfers);
  });

  it('should move what is elsewhere, and let that be undone', async () => {
    const there = sampleFile('there', { parentId: 'summer' });

    await transfers.move([sampleFile('a'), sampleFile('b'), there, sampleFolder('summer')], SUMMER);

    expect(said).toEqual(['2 files moved to Summer.']);
    expect(api.move).toHaveBeenCalledTimes(2);
    expect(offered).toHaveLength(1);
    expect(offered[0]?.changes[1]).toMatchObject({
      before: { id: 'b', parentId: FOLDER_ID },
      after: { id: 'b', parentId: 'summer', version: 2 },
    });
  });

  it('should say nothing is done yet when it goes on in the background', async () => {
    api.copy.mockReturnValue(of({ kind: 'job', job: exampleJob() }));

    await transfers.copy([sampleFolder('Raw')], SUMMER);

    expect(jobs.add).toHaveBeenCalledWith(exampleJob());
    expect(said).toEqual([]);
    expect(noted).toMatchObject([
      {
        kind: 'final',
        words: '“Raw” is being copied to Summer in the background.',
        advice: 'delete the copy when it is there',
      },
    ]);
  });

  it('should let be undone what is moved already, though the rest goes on in the background', async () => {
    api.move.mockReturnValueOnce(of({ kind: 'job', job: exampleJob() }));

    await transfers.move([sampleFolder('Raw'), sampleFile('a')], SUMMER);

    expect(noted).toMatchObject([
      {
        words: '“Raw” is being moved to Summer in the background.',
        advice: 'move it back when it is there',
      },
    ]);
    expect(said).toEqual(['“a” moved to Summer.']);
  });

  it('should speak of several that go on in the background', async () => {
    api.copy.mockReturnValue(of({ kind: 'job', job: exampleJob() }));

    await transfers.copy([sampleFolder('Raw'), sampleFolder('Film')], SUMMER);

    expect(noted).toMatchObject([
      {
        words: '2 folders are being copied to Summer in the background.',
        advice: 'delete the copies when they are there',
      },
    ]);
  });

  it('should show a copy, by the name that it got', async () => {
    const copy = sampleFile('a (2)', { parentId: 'summer' });
    api.copy.mockReturnValue(of({ kind: 'file', file: copy }));

    await transfers.copy([sampleFile('a')], SUMMER);

    expect(list.noteChanges).toHaveBeenCalledWith([{ kind: 'present', file: copy }]);
    expect(said).toEqual(['“a (2)” copied to Summer.']);
  });

  it('should tell what could not be moved', async () => {
    api.move.mockReturnValue(throwError(() => new TypeError('away')));

    await transfers.move([sampleFile('a')], SUMMER);

    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('moved');
    expect(said).toEqual([]);
  });
});

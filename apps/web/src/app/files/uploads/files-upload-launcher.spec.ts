import { TestBed } from '@angular/core/testing';
import { of } from 'rxjs';

import { SessionStore } from '../../core/session-store';
import { FilesApi } from '../files-api';
import { StillTransport } from '../testing/still-transport';
import { UndoStack } from '../undo/undo-stack';
import { type Chosen, chosenFrom } from './chosen-file';
import { FilesUploadLauncher } from './files-upload-launcher';
import { JournalDatabase } from './journal-database';
import { UploadQueue } from './upload-queue';
import { OpenFolder } from './upload-target';
import { UploadTransport } from './upload-transport';

const SUMMER = { driveId: 'd', folderId: 'f', name: 'Summer', tags: [] };

async function* found(...names: string[]): AsyncGenerator<Chosen[]> {
  for (const name of names) yield chosenFrom([new File(['x'], name)]);
}

describe('FilesUploadLauncher', () => {
  it('should keep each upload in mind once, which no key undoes', async () => {
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: { known: () => of({ items: [] }) } },
        {
          provide: JournalDatabase,
          useValue: { readAll: async () => [], write: async () => true },
        },
        { provide: SessionStore, useValue: { user: () => ({ id: 'anna' }) } },
        { provide: UploadTransport, useValue: new StillTransport() },
      ],
    });
    const stack = TestBed.inject(UndoStack);
    const launcher = TestBed.inject(FilesUploadLauncher);
    await launcher.upload(found());
    expect(stack.newest()).toBeNull();

    TestBed.inject(OpenFolder).open(() => SUMMER);
    await launcher.upload(found('a', 'b'));
    const step = stack.newest();
    expect(step).toMatchObject({
      kind: 'final',
      words: 'An upload to Summer was begun.',
      advice: 'cancel it, delete what is new, or restore the earlier version of what it replaced',
    });
    expect(TestBed.inject(UploadQueue).batches()).toMatchObject([{ isFilled: true }]);
    if (step !== null) stack.take(step);
    expect(stack.newest()).toBeNull();
  });
});

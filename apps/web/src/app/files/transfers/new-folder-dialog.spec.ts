import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata } from '@homeserver/dto';
import { of } from 'rxjs';

import { FilesApi, type FolderPlace } from '../files-api';
import { elementOf } from '../testing/rendered';
import { DRIVE_ID, FOLDER_ID, sampleFolder } from '../testing/sample-file';
import { UndoStack } from '../undo/undo-stack';
import type { PastStep } from '../undo/undo-step';
import { NewFolderDialog } from './new-folder-dialog';

describe('NewFolderDialog', () => {
  it('should make the folder, and keep in mind that no key undoes that', async () => {
    const done: PastStep[] = [];
    const closed: FileMetadata[] = [];
    const place: FolderPlace = { driveId: DRIVE_ID, folderId: FOLDER_ID, name: 'Files' };
    TestBed.configureTestingModule({
      providers: [
        { provide: DIALOG_DATA, useValue: place },
        { provide: DialogRef, useValue: { close: (folder: FileMetadata) => closed.push(folder) } },
        {
          provide: FilesApi,
          useValue: { createFolder: (_: FolderPlace, name: string) => of(sampleFolder(name)) },
        },
        { provide: UndoStack, useValue: { push: (step: PastStep) => done.push(step) } },
      ],
    });
    const fixture = TestBed.createComponent(NewFolderDialog);
    await fixture.whenStable();
    const field = elementOf(fixture).querySelector('input');
    if (field !== null) field.value = 'Summer';
    field?.dispatchEvent(new Event('input'));
    elementOf(fixture).querySelector('form')?.dispatchEvent(new Event('submit'));
    await fixture.whenStable();
    expect(closed).toMatchObject([{ filename: 'Summer' }]);
    expect(done).toMatchObject([{ kind: 'final', words: 'The folder “Summer” was made.' }]);
  });
});

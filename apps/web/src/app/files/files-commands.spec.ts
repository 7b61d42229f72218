import { TestBed } from '@angular/core/testing';
import type { FileMetadata } from '@homeserver/dto';
import { of } from 'rxjs';

import { Dialogs } from '../core/dialog/dialogs';
import { FileDeletion } from './actions/file-deletion';
import { FileDownloads } from './actions/file-downloads';
import { FileRenaming } from './actions/file-renaming';
import { TagChanges } from './actions/tag-changes';
import { FilesApi } from './files-api';
import { FilesCommands } from './files-commands';
import { ListCommander } from './list/list-commander';
import { SelectionStore } from './list/selection-store';
import { FileListStore } from './listing/file-list-store';
import { FolderOpener } from './listing/folder-opener';
import type { Crumb } from './listing/folder-store';
import { pageOf, sampleFiles, sampleFolder, sampleScope } from './testing/sample-file';

describe('FilesCommands', () => {
  let begun: string[];
  let opened: string[];
  let selection: SelectionStore;
  let commands: FilesCommands;

  beforeEach(() => {
    begun = [];
    opened = [];
    const downloads = {
      download: (wanted: readonly FileMetadata[]) => begun.push(`${wanted.length} downloads`),
    };
    const files = [sampleFolder('Raw'), ...sampleFiles(3)];
    const api = { list: () => of(pageOf(files, 100, null)) };
    const renaming = { begin: (file: FileMetadata) => begun.push(file.id) };
    TestBed.configureTestingModule({
      providers: [
        FileListStore,
        FilesCommands,
        ListCommander,
        SelectionStore,
        { provide: Dialogs, useValue: {} },
        { provide: FileDeletion, useValue: {} },
        { provide: FileDownloads, useValue: downloads },
        { provide: FileRenaming, useValue: renaming },
        { provide: FilesApi, useValue: api },
        { provide: FolderOpener, useValue: { open: ({ name }: Crumb) => opened.push(name) } },
        { provide: TagChanges, useValue: {} },
      ],
    });
    TestBed.inject(FileListStore).show(sampleScope());
    selection = TestBed.inject(SelectionStore);
    commands = TestBed.inject(FilesCommands);
  });

  it('should rename the one where the keyboard is when several are selected', async () => {
    selection.only('file 1');
    selection.toggle('file 3');
    await commands.rename();
    expect(begun).toEqual(['file 3']);
    expect(selection.activeId()).toBe('file 3');
  });

  it('should go to the file that is renamed when the keyboard is at one that is not selected', async () => {
    selection.only('file 1');
    selection.toggle('file 2');
    selection.toggle('file 2');
    await commands.rename();
    expect(begun).toEqual(['file 1']);
    expect([selection.activeId(), ...selection.ids()]).toEqual(['file 1', 'file 1']);
  });

  it('should go into a folder, and give the bytes of files, when they are opened', () => {
    selection.only('file 1');
    selection.toggle('file 2');
    commands.open();
    expect(begun).toEqual(['2 downloads']);

    selection.only('Raw');
    commands.open();
    expect(opened).toEqual(['Raw']);
  });
});

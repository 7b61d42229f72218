import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';

import { BulkWork } from '../actions/bulk-work';
import { PaneRoom } from '../details/pane-room';
import { FilesCommands } from '../files-commands';
import { SelectionStore } from '../list/selection-store';
import { DriveCondition } from '../listing/drive-condition';
import { FilesNavigation } from '../listing/files-navigation';
import { TagStore } from '../listing/tag-store';
import { elementOf } from '../testing/rendered';
import { PLAIN_VIEW } from '../testing/sample-file';
import { ClipboardCommands } from '../transfers/clipboard-commands';
import { FolderUploads } from '../uploads/folder-uploads';
import { FilesToolbar } from './files-toolbar';

describe('FilesToolbar', () => {
  const count = signal(0);
  const tags = Array.from({ length: 12 }, (_, index) => ({ tag: `tag ${index}`, count: 1 }));

  async function open() {
    count.set(0);
    const selection = { count, single: signal(null), files: signal([]) };
    const navigation = {
      view: signal(PLAIN_VIEW),
      driveId: signal(null),
      folderId: signal(null),
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: FolderUploads, useValue: {} },
        { provide: BulkWork, useValue: { progress: signal(null) } },
        provideRouter([]),
        { provide: ClipboardCommands, useValue: {} },
        { provide: DriveCondition, useValue: { refusal: signal(null), away: signal(null) } },
        { provide: FilesCommands, useValue: {} },
        { provide: FilesNavigation, useValue: navigation },
        { provide: PaneRoom, useValue: { hasPane: signal(true), hasTreeRoom: signal(true) } },
        { provide: SelectionStore, useValue: selection },
        { provide: TagStore, useValue: { tags: signal(tags) } },
      ],
    });
    const fixture = TestBed.createComponent(FilesToolbar);
    await fixture.whenStable();
    const filter = elementOf(fixture).querySelector<HTMLElement>('home-tag-filter');
    const select = async (selected: number) => {
      count.set(selected);
      await fixture.whenStable();
    };
    const unfold = async () => {
      filter?.querySelector<HTMLElement>('.more')?.click();
      await fixture.whenStable();
    };
    // jsdom lays nothing out: every height is 0.
    return { isHeld: () => filter?.style.height === '0px', select, unfold };
  }

  it('should hold the height of the tags while something is selected', async () => {
    const { isHeld, select } = await open();
    expect(isHeld()).toBe(false);
    await select(1);
    expect(isHeld()).toBe(true);
    await select(2);
    expect(isHeld()).toBe(true);
    await select(0);
    expect(isHeld()).toBe(false);
  });

  it('should give the tags room when more of them are asked for while something is selected', async () => {
    const { isHeld, select, unfold } = await open();
    await select(1);
    await unfold();
    expect(isHeld()).toBe(false);
    await select(0);
    await select(1);
    expect(isHeld()).toBe(true);
  });
});

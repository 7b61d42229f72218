import { TestBed } from '@angular/core/testing';

import { FilesCommands } from './files-commands';
import { FilesKeys } from './files-keys';
import { FolderCommands } from './folder-commands';
import { FolderOpener } from './listing/folder-opener';
import { ClipboardCommands } from './transfers/clipboard-commands';
import { Undoing } from './undo/undoing';
import { FolderUploads } from './uploads/folder-uploads';

describe('FilesKeys', () => {
  let undoneCount: number;
  let page: HTMLElement;

  beforeEach(() => {
    undoneCount = 0;
    page = document.createElement('div');
    page.innerHTML = '<button></button><input />';
    document.body.replaceChildren(page);
    TestBed.configureTestingModule({
      providers: [
        FilesKeys,
        { provide: ClipboardCommands, useValue: {} },
        { provide: FilesCommands, useValue: {} },
        { provide: FolderCommands, useValue: {} },
        { provide: FolderOpener, useValue: {} },
        { provide: FolderUploads, useValue: {} },
        { provide: Undoing, useValue: { undoNewest: () => (undoneCount += 1) } },
      ],
    });
    const keys = TestBed.inject(FilesKeys);
    page.ownerDocument.onkeydown = (event) => keys.takeFromPage(event, page);
  });

  afterEach(() => {
    document.onkeydown = null;
  });

  function press(selector: string, held: KeyboardEventInit): boolean {
    const event = { key: 'z', bubbles: true, cancelable: true, ...held };
    return (
      document.querySelector(selector)?.dispatchEvent(new KeyboardEvent('keydown', event)) ?? true
    );
  }

  it.each(['body', 'button'])(
    'should undo when Ctrl or Command and Z are pressed at the %s',
    (selector) => {
      expect(press(selector, { ctrlKey: true })).toBe(false);
      expect(press(selector, { metaKey: true })).toBe(false);
      expect(undoneCount).toBe(2);
    },
  );

  it('should leave it to the field in which a person types', () => {
    expect(press('input', { ctrlKey: true })).toBe(true);
    expect(undoneCount).toBe(0);
  });
});

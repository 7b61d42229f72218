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

  beforeEach(() => {
    undoneCount = 0;
    document.body.innerHTML =
      '<header><a href="/"></a></header><main><button></button><input /></main><div role="dialog"><i></i></div>';
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
    document.onkeydown = (event) => keys.takeFromPage(event);
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

  it.each(['body', 'button', 'a'])(
    'should undo when Ctrl or Command and Z are pressed at the %s',
    (selector) => {
      expect(press(selector, { ctrlKey: true })).toBe(false);
      expect(press(selector, { metaKey: true })).toBe(false);
      expect(undoneCount).toBe(2);
    },
  );

  it.each(['input', 'i'])(
    'should leave it to the field in which a person types, or the dialog above: %s',
    (selector) => {
      expect(press(selector, { ctrlKey: true })).toBe(true);
      expect(undoneCount).toBe(0);
    },
  );
});

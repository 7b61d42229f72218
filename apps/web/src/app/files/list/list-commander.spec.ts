import { TestBed } from '@angular/core/testing';
import type { FileMetadata } from '@homeserver/dto';
import { of } from 'rxjs';

import { FilesApi, type PageRequest } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import type { ListScope } from '../listing/list-changes';
import { pageOf, sampleFile, sampleFiles, sampleScope } from '../testing/sample-file';
import { commandOf } from './list-command';
import { ListCommander } from './list-commander';
import { SelectionStore } from './selection-store';

describe('ListCommander and SelectionStore', () => {
  let files: FileMetadata[];
  let requests: PageRequest[];
  let list: FileListStore;
  let selection: SelectionStore;
  let commander: ListCommander;
  let revealed: number[];

  beforeEach(() => {
    files = sampleFiles(3000);
    requests = [];
    revealed = [];
    const api = {
      list: (_: ListScope, page: PageRequest) => {
        requests.push(page);
        return of(pageOf(files, page.limit, page.cursor));
      },
    };
    TestBed.configureTestingModule({
      providers: [
        FileListStore,
        SelectionStore,
        ListCommander,
        { provide: FilesApi, useValue: api },
      ],
    });
    list = TestBed.inject(FileListStore);
    selection = TestBed.inject(SelectionStore);
    commander = TestBed.inject(ListCommander);
    commander.attach({ rowsInSight: () => 11, reveal: (index) => revealed.push(index) });
  });

  function open(): void {
    list.show(sampleScope());
  }

  async function press(key: string, held: { ctrlKey?: boolean; shiftKey?: boolean } = {}) {
    const keystroke = {
      key,
      ctrlKey: false,
      shiftKey: false,
      metaKey: false,
      altKey: false,
      ...held,
    };
    const command = commandOf(keystroke, commander.isTyping());
    if (command !== null) await commander.run(command);
  }

  const active = () => selection.activeIndex();

  it('should begin at the first row when an arrow is pressed on a new page', async () => {
    open();
    await press('ArrowDown');
    expect(active()).toBe(0);
    expect(selection.single()?.filename).toBe('file 1');
  });

  it('should stay at the edges when it walks against them', async () => {
    open();
    await press('ArrowDown');
    await press('ArrowUp');
    expect(active()).toBe(0);
    await press('End');
    await press('ArrowDown');
    expect(active()).toBe(2999);
  });

  it('should go a page less one row when a page key is pressed', async () => {
    open();
    await press('Home');
    await press('PageDown');
    expect(active()).toBe(10);
    await commander.goTo(2995, 'select');
    await press('PageDown');
    expect(active()).toBe(2999);
  });

  it('should load the rows between when End is pressed far from it', async () => {
    open();
    await press('End');
    expect(selection.single()?.filename).toBe('file 3000');
    expect(revealed.at(-1)).toBe(2999);
    expect(requests.map(({ limit }) => limit)).toEqual([200, 500, 1000, 1000, 500]);
  });

  it('should select a range when it ends where rows are not loaded yet', async () => {
    open();
    await commander.goTo(9, 'select');
    await commander.goTo(1999, 'extend');
    expect(selection.count()).toBe(1991);
    await commander.goTo(4, 'extend');
    expect(selection.files().map((file) => file.filename)).toEqual([
      'file 5',
      'file 6',
      'file 7',
      'file 8',
      'file 9',
      'file 10',
    ]);
  });

  it('should add a range when Ctrl is held with Shift', async () => {
    open();
    await commander.goTo(0, 'select');
    commander.toggle('file 11');
    await commander.goTo(12, 'extendToo');
    expect([...selection.ids()]).toEqual(['file 1', 'file 11', 'file 12', 'file 13']);
  });

  it('should walk without selecting when Ctrl is held, and toggle by a space', async () => {
    open();
    await press('ArrowDown');
    await press('ArrowDown', { ctrlKey: true });
    await press('ArrowDown', { ctrlKey: true });
    await press(' ');
    expect([...selection.ids()]).toEqual(['file 1', 'file 3']);
  });

  it('should load and select the whole list when Ctrl-A is pressed', async () => {
    open();
    await press('ArrowDown');
    await press('a', { ctrlKey: true });
    expect(selection.count()).toBe(3000);
    expect(active()).toBe(0);
  });

  it('should let go of all when Escape is pressed', async () => {
    open();
    await press('a', { ctrlKey: true });
    await press('Escape');
    expect(selection.count()).toBe(0);
  });

  it('should find a name by its first letters when its row is not loaded yet', async () => {
    files = [...sampleFiles(2500), sampleFile('Zoo'), sampleFile('zürich')];
    open();
    for (const letter of 'zu') await press(letter);
    expect(selection.single()?.filename).toBe('zürich');
  });

  it('should not search on when the list by name has gone by the place', async () => {
    files = [...sampleFiles(300), ...Array.from({ length: 2000 }, (_, n) => sampleFile(`z ${n}`))];
    open();
    await press('g');
    expect(list.isComplete()).toBe(false);
    expect(selection.count()).toBe(0);
  });

  it('should hand the keyboard to the next row when the active one is deleted', async () => {
    files = ['a', 'b', 'c'].map((name) => sampleFile(name));
    open();
    await commander.goTo(1, 'select');
    list.applyNow([{ kind: 'gone', file: sampleFile('b') }]);
    expect(selection.count()).toBe(0);
    expect(selection.activeId()).toBe('c');
    list.applyNow([{ kind: 'gone', file: sampleFile('c') }]);
    expect(selection.activeId()).toBe('a');
  });

  it('should let go of the selection when other files are shown', async () => {
    open();
    await commander.goTo(0, 'select');
    list.show(sampleScope({ text: 'file' }));
    expect(selection.count()).toBe(0);
    expect(selection.activeId()).toBeNull();
  });

  it('should keep the selection when the list is sorted another way', async () => {
    open();
    await commander.goTo(0, 'select');
    files = sampleFiles(3000).reverse();
    list.show(sampleScope({ order: 'desc' }));
    expect(selection.files().map((file) => file.filename)).toEqual(['file 1']);
  });
});

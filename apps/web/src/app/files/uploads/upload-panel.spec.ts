import { TestBed } from '@angular/core/testing';
import { EMPTY, of } from 'rxjs';

import { FilesApi } from '../files-api';
import { elementOf } from '../testing/rendered';
import { settled, StillTransport } from '../testing/still-transport';
import { chosenFrom } from './chosen-file';
import { JournalDatabase } from './journal-database';
import { UploadPanel } from './upload-panel';
import { UploadQueue } from './upload-queue';
import { UploadTransport } from './upload-transport';

const REFUSED = {
  kind: 'refused',
  status: 507,
  problem: { title: '', detail: 'The drive is full.', code: 'drives.full', requestId: null },
  retryAfterMs: null,
} as const;

describe('UploadPanel', () => {
  let transport: StillTransport;

  beforeEach(() => {
    transport = new StillTransport();
    const watched = { observe: () => undefined, disconnect: () => undefined };
    Object.assign(globalThis, {
      ResizeObserver: jest.fn(() => watched),
      matchMedia: () => ({ matches: false }),
    });
    // What jsdom lays out has no size, and rows that are out of sight are not drawn.
    jest.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(220);
  });

  afterEach(() => jest.restoreAllMocks());

  async function open(names = ['a.txt', 'b.txt']) {
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: { tags: () => EMPTY, known: () => of({ items: [] }) } },
        { provide: UploadTransport, useValue: transport },
        {
          provide: JournalDatabase,
          useValue: { readAll: async () => [], write: async () => true },
        },
      ],
    });
    const queue = TestBed.inject(UploadQueue);
    const fixture = TestBed.createComponent(UploadPanel);
    const element = elementOf(fixture);
    document.body.append(element);
    queue.add(chosenFrom(names.map((name) => new File(['x'], name))), null);
    /** What has happened comes into sight with the next frame. */
    const drawn = async () => {
      await new Promise(requestAnimationFrame);
      await fixture.whenStable();
    };
    await settled();
    await drawn();
    const button = (name: string) =>
      element.querySelector<HTMLElement>(`button[aria-label="${name}"]`);
    const textOf = (selector: string) => element.querySelector(selector)?.textContent.trim();
    return { button, drawn, element, textOf };
  }

  it('should say why once when many have failed for one reason', async () => {
    const { drawn, element, textOf } = await open();
    await transport.at(0).finish(REFUSED);
    await transport.at(1).finish(REFUSED);
    await drawn();
    expect(textOf('h2')).toBe('2 files not uploaded');
    expect(textOf('[aria-live]')).toBe('2 files failed.');
    expect(element.textContent.split('The drive is full.')).toHaveLength(2);
    expect(element.textContent).not.toContain('go on by themselves');
  });

  it('should keep the keyboard when the line goes whose button was pressed', async () => {
    const { button, drawn } = await open();
    const cancel = button('Cancel a.txt');
    cancel?.focus();
    cancel?.click();
    await drawn();
    expect(button('Cancel a.txt')).toBeNull();
    expect(document.activeElement).toBe(button('Fold the uploads'));
  });

  it('should keep the keyboard where it is when one is paused and gone on with', async () => {
    const { button, drawn } = await open(['a.txt']);
    button('Pause a.txt')?.focus();
    button('Pause a.txt')?.click();
    await drawn();
    expect(document.activeElement).toBe(button('Go on with a.txt'));
    button('Go on with a.txt')?.click();
    await drawn();
    expect(document.activeElement).toBe(button('Pause a.txt'));
  });

  it('should keep the keyboard in the panel when the line moves whose button was pressed', async () => {
    const { button, drawn, element } = await open(['a.txt', 'b.txt', 'c.txt']);
    button('Pause a.txt')?.focus();
    button('Pause a.txt')?.click();
    await drawn();
    expect(button('Go on with a.txt')).not.toBeNull();
    expect(element.contains(document.activeElement)).toBe(true);
  });

  it('should say that it is paused when each upload was paused by its own button', async () => {
    const { button, drawn, textOf } = await open();
    button('Pause a.txt')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Uploading 1 of 2');
    button('Pause b.txt')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Paused, 2 to go');
    expect(textOf('[aria-live]')).toBe('The uploads are paused.');
    button('Go on with all uploads')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Uploading 2 of 2');
  });

  it('should let the one be paused again that was gone on with while all were paused', async () => {
    const { button, drawn, textOf } = await open();
    button('Pause a.txt')?.click();
    button('Pause all uploads')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Paused, 2 to go');
    button('Go on with a.txt')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Uploading 1 of 2');
    expect(button('Pause b.txt')).toBeNull();
    expect(button('Pause all uploads')).toBeNull();
    button('Pause a.txt')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Paused, 2 to go');
    expect(button('Go on with a.txt')).not.toBeNull();
  });

  it('should let all go on while one does alone', async () => {
    const { button, drawn, textOf } = await open();
    button('Pause a.txt')?.click();
    button('Pause all uploads')?.click();
    await drawn();
    button('Go on with a.txt')?.click();
    await drawn();
    button('Go on with all uploads')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Uploading 2 of 2');
    expect(button('Pause all uploads')).not.toBeNull();
  });

  it('should say what was uploaded when all were paused and the rest was cancelled', async () => {
    const { button, drawn, textOf } = await open();
    await transport.store(0);
    button('Pause all uploads')?.click();
    await drawn();
    expect(textOf('h2')).toBe('Paused, 1 to go');
    button('Cancel b.txt')?.click();
    await drawn();
    expect(textOf('h2')).toBe('1 file uploaded');
    expect(textOf('[aria-live]')).toBe('1 file uploaded.');
  });

  it('should count the one that is tried again soon as under way', async () => {
    const { drawn, textOf } = await open(['a.txt']);
    await transport.at(0).finish({ ...REFUSED, status: 423, retryAfterMs: 60_000 });
    await drawn();
    expect(textOf('.state')).toBe('tries again soon');
    expect(textOf('h2')).toBe('Uploading 1 of 1');
  });

  it('should draw only what is in sight when there are thousands', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `${index}.txt`);
    const { element, textOf } = await open(names);
    expect(textOf('h2')).toBe('Uploading 4 of 5,000');
    const rows = element.querySelectorAll('home-upload-row').length;
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(50);
  });
});

import { TestBed } from '@angular/core/testing';
import { EMPTY } from 'rxjs';

import { FilesApi } from '../files-api';
import { elementOf } from '../testing/rendered';
import { UploadPanel } from './upload-panel';
import { UploadQueue } from './upload-queue';
import { type RunningUpload, type UploadResult, UploadTransport } from './upload-transport';

/** The server is away, for good. */
class LostTransport extends UploadTransport {
  private readonly settled: ((result: UploadResult) => void)[] = [];

  override send(): RunningUpload {
    const result = new Promise<UploadResult>((resolve) => this.settled.push(resolve));
    return { result, cancel: () => this.lose({ kind: 'cancelled' }) };
  }

  override untilReachable(): Promise<void> {
    return new Promise(() => undefined);
  }

  lose(result: UploadResult = { kind: 'disconnected' }): void {
    this.settled.shift()?.(result);
  }
}

describe('UploadPanel', () => {
  const transport = new LostTransport();
  const watched = { observe: () => undefined, disconnect: () => undefined };

  async function open() {
    Object.assign(globalThis, { ResizeObserver: jest.fn(() => watched) });
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: { tags: () => EMPTY } },
        { provide: UploadTransport, useValue: transport },
      ],
    });
    const queue = TestBed.inject(UploadQueue);
    const fixture = TestBed.createComponent(UploadPanel);
    const element = elementOf(fixture);
    document.body.append(element);
    queue.add([new File(['x'], 'a.txt'), new File(['x'], 'b.txt')], null);
    await fixture.whenStable();
    const button = (name: string) =>
      element.querySelector<HTMLElement>(`button[aria-label="${name}"]`);
    const textOf = (selector: string) => element.querySelector(selector)?.textContent.trim();
    return { button, element, fixture, textOf };
  }

  it('should speak of no files that wait when all have failed', async () => {
    const { element, fixture, textOf } = await open();
    transport.lose();
    transport.lose();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    await fixture.whenStable();
    expect(textOf('h2')).toBe('2 files not uploaded');
    expect(textOf('[aria-live]')).toBe('2 files failed.');
    expect(element.textContent).not.toContain('go on by themselves');
  });

  it('should keep the keyboard when the line goes whose button was pressed', async () => {
    const { button, fixture } = await open();
    const cancel = button('Cancel a.txt');
    cancel?.focus();
    cancel?.click();
    await fixture.whenStable();
    expect(button('Cancel a.txt')).toBeNull();
    expect(document.activeElement).toBe(button('Fold the uploads'));
  });
});

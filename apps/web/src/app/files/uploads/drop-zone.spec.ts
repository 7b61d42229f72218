import { TestBed } from '@angular/core/testing';

import { elementOf } from '../testing/rendered';
import { DropZone } from './drop-zone';

/** A drag of files; jsdom knows no DragEvent. */
function dragOf(type: string): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  return Object.assign(event, { dataTransfer: { types: ['Files'], items: [] } });
}

describe('DropZone', () => {
  async function open() {
    const fixture = TestBed.createComponent(DropZone);
    fixture.componentRef.setInput('target', null);
    const send = async (event: Event) => {
      document.body.dispatchEvent(event);
      await fixture.whenStable();
      return elementOf(fixture).textContent.trim();
    };
    const taken: unknown[] = [];
    fixture.componentInstance.dropped.subscribe((found) => taken.push(found));
    await fixture.whenStable();
    return { send, taken };
  }

  it('should say where files go while they are dragged over the window', async () => {
    const { send } = await open();
    expect(await send(dragOf('dragenter'))).toBe('Drop to upload to Files');
    expect(await send(dragOf('dragenter'))).not.toBe('');
    expect(await send(dragOf('dragleave'))).not.toBe('');
    expect(await send(dragOf('dragleave'))).toBe('');
  });

  it('should be gone when the drag has ended although an element left without saying so', async () => {
    const { send } = await open();
    await send(dragOf('dragenter'));
    await send(dragOf('dragenter'));
    await send(dragOf('dragleave'));
    expect(await send(new Event('pointermove', { bubbles: true }))).toBe('');
    await send(dragOf('dragenter'));
    expect(await send(dragOf('dragleave'))).toBe('');
  });

  it('should take no notice of what is dragged from the page itself', async () => {
    const { send, taken } = await open();
    await send(dragOf('dragstart'));
    expect(await send(dragOf('dragenter'))).toBe('');
    const drop = dragOf('drop');
    await send(drop);
    expect([drop.defaultPrevented, taken.length]).toEqual([false, 0]);
    await send(dragOf('dragend'));
    expect(await send(dragOf('dragenter'))).not.toBe('');
    await send(dragOf('drop'));
    expect(taken).toHaveLength(1);
  });

  it('should take the next files when the page never heard of the end of its own drag', async () => {
    const { send } = await open();
    await send(dragOf('dragstart'));
    await send(new Event('pointermove', { bubbles: true }));
    expect(await send(dragOf('dragenter'))).not.toBe('');
  });
});

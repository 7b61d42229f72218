import { Component } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';

import { ListPointer, type RowClick } from './list-pointer';

@Component({
  imports: [ListPointer],
  template: `
    <div
      homeListPointer
      (rowClick)="clicks.push($event)"
      (rowOpen)="opened = opened + 1"
      (rowHold)="held.push($event)"
    >
      <p data-index="3" data-id="ferry"><span>Ferry</span><input /></p>
      <p data-index="4">Not loaded</p>
    </div>
  `,
})
class Host {
  readonly clicks: RowClick[] = [];
  readonly held: string[] = [];
  opened = 0;
}

describe('ListPointer', () => {
  let fixture: ComponentFixture<Host>;
  let host: Host;
  let row: HTMLElement;

  beforeEach(() => {
    fixture = TestBed.createComponent(Host);
    fixture.detectChanges();
    host = fixture.componentInstance;
    row = find('p');
  });

  it('should tell which entry was clicked, and how', () => {
    press(find('span'));
    click(find('span'), { shiftKey: true });
    press(find('p:last-child'));
    click(find('p:last-child'), { ctrlKey: true });

    expect(host.clicks).toEqual([
      { index: 3, id: 'ferry', mode: 'extend', isTouch: false },
      { index: 4, id: null, mode: 'toggle', isTouch: false },
    ]);
  });

  it('should mean the entry that was pressed when its row shows another one since, if it was pressed at all', () => {
    press(row);
    row.dataset['id'] = 'newcomer';
    click(row);
    click(row);
    click(row, { detail: 0 });

    expect(host.clicks.map(({ id }) => id)).toEqual(['ferry', 'newcomer', 'newcomer']);
  });

  it('should forget a press that comes to no click', () => {
    const other = find('p:last-child');
    press(row);
    row.dispatchEvent(new MouseEvent('pointercancel', { bubbles: true }));
    click(other);
    press(row, { button: 2 });
    click(other);

    expect(host.clicks.map(({ index }) => index)).toEqual([4, 4]);
  });

  it('should open what was clicked twice, and not the second of two that lay at the same place', () => {
    clickTwice();
    expect(host.opened).toBe(1);

    press(row);
    click(row);
    row.dataset['id'] = 'newcomer';
    press(row);
    click(row);
    row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect(host.opened).toBe(1);

    clickTwice();
    expect(host.opened).toBe(2);
  });

  it('should leave fields in a row, and what lies between rows, alone', () => {
    press(find('input'));
    click(find('input'));
    click(find('div'));

    expect(host.clicks).toEqual([]);
  });

  it('should take the click after that of a finger that was held, or after none came', () => {
    jest.useFakeTimers();
    press(row, { pointerType: 'touch' });
    jest.advanceTimersByTime(1000);
    click(row);
    click(row, { detail: 0 });
    press(row, { pointerType: 'touch' });
    jest.advanceTimersByTime(1000);
    row.dispatchEvent(new MouseEvent('pointercancel', { bubbles: true }));
    click(row, { detail: 0 });
    jest.useRealTimers();

    expect(host.clicks).toHaveLength(2);
  });

  it('should tell that a finger was held on an entry, which is no click', () => {
    jest.useFakeTimers();
    press(row, { pointerType: 'touch' });
    jest.advanceTimersByTime(1000);
    click(row);
    press(find('p:last-child'), { pointerType: 'touch' });
    jest.advanceTimersByTime(1000);
    press(row, { pointerType: 'touch' });
    press(row, { pointerType: 'touch', isPrimary: false });
    jest.advanceTimersByTime(1000);
    jest.useRealTimers();

    expect([host.held, host.clicks]).toEqual([['ferry'], []]);
  });

  function clickTwice(): void {
    for (let time = 0; time < 2; time += 1) {
      press(row);
      click(row);
    }
    row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  }

  function find(selector: string): HTMLElement {
    const element: unknown = fixture.nativeElement;
    const found = element instanceof HTMLElement ? element.querySelector(selector) : null;
    if (!(found instanceof HTMLElement)) throw new Error(`There is no ${selector}.`);
    return found;
  }
});

function press(
  target: HTMLElement,
  {
    button = 0,
    ...init
  }: { readonly button?: number; readonly pointerType?: string; readonly isPrimary?: boolean } = {},
): void {
  // jsdom has no PointerEvent.
  const event = new MouseEvent('pointerdown', { bubbles: true, button });
  target.dispatchEvent(Object.assign(event, { pointerType: 'mouse', isPrimary: true, ...init }));
}

function click(target: HTMLElement, init: MouseEventInit = {}): void {
  target.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1, ...init }));
}

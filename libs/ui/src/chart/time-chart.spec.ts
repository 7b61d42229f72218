import { type ComponentFixture, TestBed } from '@angular/core/testing';

import { TimeChart } from './time-chart';

const START = new Date(2026, 7, 14, 19, 0, 0).getTime();
const WINDOW_MS = 900_000;

function samples(...values: number[]) {
  return values.map((value, index) => ({
    time: START + WINDOW_MS - (values.length - 1 - index) * 2000,
    value,
  }));
}

describe('TimeChart', () => {
  let fixture: ComponentFixture<TimeChart>;

  function slider(): Element {
    const found = document.querySelector('[role=slider]');
    if (found === null) throw new Error('There is no slider.');
    return found;
  }

  function press(key: string): void {
    slider().dispatchEvent(new KeyboardEvent('keydown', { key }));
    fixture.detectChanges();
  }

  function moveOn(): void {
    fixture.componentRef.setInput('points', [
      ...samples(11, 22, 33),
      { time: START + WINDOW_MS + 2000, value: 44 },
    ]);
    fixture.componentRef.setInput('extent', {
      from: START + 2000,
      to: START + WINDOW_MS + 2000,
      bottom: 0,
      top: 100,
    });
    fixture.detectChanges();
  }

  beforeEach(() => {
    // jsdom has none; motion is looked at in the browser.
    Object.assign(window, { matchMedia: () => ({ matches: true }) });
    fixture = TestBed.createComponent(TimeChart);
    fixture.componentRef.setInput('points', samples(11, 22, 33));
    fixture.componentRef.setInput('extent', {
      from: START,
      to: START + WINDOW_MS,
      bottom: 0,
      top: 100,
    });
    fixture.componentRef.setInput('gapMs', 5000);
    fixture.componentRef.setInput('label', 'CPU');
    fixture.componentRef.setInput('format', (value: number) => `${value} %`);
    fixture.detectChanges();
  });

  it('should tell the newest value when nobody points anywhere', () => {
    expect(slider().getAttribute('aria-valuetext')).toBe('33 % at 19:15:00');
    expect(document.querySelector('.reading')).toBeNull();
  });

  it('should show and tell the value before when the left arrow is pressed', () => {
    press('ArrowLeft');

    expect(slider().getAttribute('aria-valuetext')).toBe('22 % at 19:14:58');
    expect(document.querySelector('.reading')?.textContent).toContain('22 %');
  });

  it('should stay on its sample when time moves on', () => {
    press('ArrowLeft');
    moveOn();

    expect(slider().getAttribute('aria-valuetext')).toBe('22 % at 19:14:58');
  });

  it('should stay on the newest sample when it gets the focus, so that it is not read out again and again', () => {
    slider().dispatchEvent(new Event('focus'));
    moveOn();

    expect(slider().getAttribute('aria-valuetext')).toBe('33 % at 19:15:00');
  });

  it('should let go when escape is pressed', () => {
    press('ArrowLeft');
    press('Escape');

    expect(document.querySelector('.reading')).toBeNull();
  });

  it('should say so when there are no values yet', () => {
    fixture.componentRef.setInput('points', []);
    fixture.detectChanges();

    expect(slider().getAttribute('aria-valuetext')).toBe('No values yet');
  });
});

import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';

import { FilesNavigation } from '../listing/files-navigation';
import { elementOf, fieldIn } from '../testing/rendered';
import { PLAIN_VIEW } from '../testing/sample-file';
import { NameFilter } from './name-filter';

describe('NameFilter', () => {
  const view = signal(PLAIN_VIEW);
  let asked: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    view.set(PLAIN_VIEW);
    const navigation = { view, filterByName: (text: string) => asked.push(text) };
    TestBed.configureTestingModule({
      providers: [{ provide: FilesNavigation, useValue: navigation }],
    });
  });

  afterEach(() => jest.useRealTimers());

  function open() {
    const fixture = TestBed.createComponent(NameFilter);
    const field = fieldIn(elementOf(fixture));
    let leftCount = 0;
    fixture.componentInstance.left.subscribe(() => (leftCount += 1));
    const type = (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event('input'));
      fixture.detectChanges();
    };
    const arrive = (text: string) => {
      view.set({ ...PLAIN_VIEW, text });
      fixture.detectChanges();
    };
    const press = (key: string) => field.dispatchEvent(new KeyboardEvent('keydown', { key }));
    fixture.detectChanges();
    return { arrive, field, leftCount: () => leftCount, press, type };
  }

  it('should ask once when letters are typed fast', () => {
    const { type } = open();
    type('t');
    type('ta');
    jest.runAllTimers();
    expect(asked).toEqual(['ta']);
  });

  it('should keep a space at the end when what was typed so far is shown', () => {
    const { arrive, field, type } = open();
    type('tax ');
    jest.runAllTimers();
    arrive('tax');
    expect(field.value).toBe('tax ');
  });

  it('should keep what was typed since when an earlier filter comes into force', () => {
    const { arrive, field, type } = open();
    type('ta');
    jest.runAllTimers();
    type('tax');
    arrive('ta');
    expect(field.value).toBe('tax');
  });

  it('should show what the address asks for when that changes by itself', () => {
    const { arrive, field, type } = open();
    type('tax');
    jest.runAllTimers();
    arrive('tax');
    arrive('');
    expect(field.value).toBe('');
  });

  it('should filter at once when the keyboard leaves it', () => {
    const { leftCount, press, type } = open();
    type('tax');
    press('ArrowDown');
    expect(asked).toEqual(['tax']);
    expect(leftCount()).toBe(1);
    jest.runAllTimers();
    expect(asked).toEqual(['tax']);
  });
});

import { TestBed } from '@angular/core/testing';

import { ThemeStore } from './theme-store';

const KEY = 'homeserver.theme';

describe('ThemeStore', () => {
  beforeEach(() => {
    localStorage.clear();
    document.documentElement.dataset['theme'] = 'dark';
  });

  afterEach(() => jest.restoreAllMocks());

  it('should be dark when nothing was chosen', () => {
    expect(TestBed.inject(ThemeStore).theme()).toBe('dark');
  });

  it('should take what was set before the first paint', () => {
    document.documentElement.dataset['theme'] = 'light';

    expect(TestBed.inject(ThemeStore).theme()).toBe('light');
  });

  it('should show and remember the other theme when it is switched', () => {
    TestBed.inject(ThemeStore).toggle();

    expect(document.documentElement.dataset['theme']).toBe('light');
    expect(localStorage.getItem(KEY)).toBe('light');
  });

  it('should follow when another tab of this browser has switched', () => {
    const store = TestBed.inject(ThemeStore);

    window.dispatchEvent(new StorageEvent('storage', { key: KEY, newValue: 'light' }));

    expect(store.theme()).toBe('light');
    expect(document.documentElement.dataset['theme']).toBe('light');
  });

  it('should still switch when the browser keeps nothing', () => {
    jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const store = TestBed.inject(ThemeStore);

    store.toggle();

    expect(store.theme()).toBe('light');
  });
});

import { DOCUMENT } from '@angular/common';
import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';

export type Theme = 'dark' | 'light';

/** Read by public/early.js too, before the first paint. */
const STORAGE_KEY = 'homeserver.theme';

/** Dark until someone chooses; what was chosen in this browser stays, and holds in its other tabs at once. */
@Injectable({ providedIn: 'root' })
export class ThemeStore {
  private readonly document = inject(DOCUMENT);
  private readonly root = this.document.documentElement;
  private readonly chosen = signal<Theme>(
    this.root.dataset['theme'] === 'light' ? 'light' : 'dark',
  );

  readonly theme = this.chosen.asReadonly();
  readonly isDark = computed(() => this.chosen() === 'dark');

  constructor() {
    const onStorage = (event: StorageEvent) => {
      if (event.key === STORAGE_KEY) this.show(event.newValue === 'light' ? 'light' : 'dark');
    };
    window.addEventListener('storage', onStorage);
    inject(DestroyRef).onDestroy(() => window.removeEventListener('storage', onStorage));
    this.colourBrowserBar();
  }

  toggle(): void {
    const theme = this.isDark() ? 'light' : 'dark';
    this.show(theme);
    try {
      localStorage.setItem(STORAGE_KEY, theme);
    } catch {
      // Storage is off in this browser: the choice holds until the page is left.
    }
  }

  private show(theme: Theme): void {
    this.root.dataset['theme'] = theme;
    this.chosen.set(theme);
    this.colourBrowserBar();
  }

  /** What phones draw around the page takes its ground. */
  private colourBrowserBar(): void {
    const ground = getComputedStyle(this.root).getPropertyValue('--ground').trim();
    this.document.querySelector('meta[name=theme-color]')?.setAttribute('content', ground);
  }
}

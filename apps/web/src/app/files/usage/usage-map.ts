import { NgTemplateOutlet } from '@angular/common';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { bytesText } from '@homeserver/ui';

import { FAMILIES, percentText, type Tile, tilesOf, type UsagePart, wordsOf } from './usage-tiles';

/** What takes the room as areas; what is in the folders inside of them. */
@Component({
  selector: 'home-usage-map',
  imports: [NgTemplateOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './usage-map.html',
  styleUrl: './usage-map.scss',
})
export class UsageMap {
  readonly parts = input.required<readonly UsagePart[]>();
  /** A part was pressed. */
  readonly opened = output<UsagePart>();

  protected readonly families = FAMILIES;
  protected readonly wordsOf = wordsOf;
  protected readonly bytesText = bytesText;
  protected readonly tiles = computed(() => tilesOf(this.parts(), { x: 0, y: 0, ...this.size() }));
  /** What is pointed at. */
  protected readonly pointed = signal<UsagePart | null>(null);
  protected readonly pointedShare = computed(() => percentText(this.pointed()?.share ?? 0));

  private readonly size = signal({ width: 0, height: 0 });
  private readonly element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  constructor() {
    const destroy = inject(DestroyRef);
    afterNextRender(() => {
      const ground = this.element.querySelector('.ground');
      if (ground === null) return;
      const measure = () =>
        this.size.set({ width: ground.clientWidth, height: ground.clientHeight });
      const observer = new ResizeObserver(measure);
      observer.observe(ground);
      destroy.onDestroy(() => observer.disconnect());
      measure();
      // Of a button by keyboard too, which is a part of its tile.
      ground.addEventListener('click', ({ target }) => this.open(target));
      // Not in the template: the pointer crosses them by the hundred.
      ground.addEventListener('mouseover', ({ target }) =>
        this.pointed.set(this.partUnder(target)),
      );
      ground.addEventListener('mouseleave', () => this.pointed.set(null));
    });
  }

  /** Templates know nothing of the types of their contexts. */
  protected asTiles(tiles: readonly Tile[]): readonly Tile[] {
    return tiles;
  }

  /** The folder at the top that was pressed, whatever is shown in it. */
  private open(target: EventTarget | null): void {
    const tile = target instanceof Element ? target.closest('.ground > [data-tile]') : null;
    const part = this.partUnder(tile);
    if (part !== null && part.id !== null) this.opened.emit(part);
  }

  private partUnder(target: EventTarget | null): UsagePart | null {
    const tile = target instanceof Element ? target.closest('[data-tile]') : null;
    if (!(tile instanceof HTMLElement)) return null;
    const steps = (tile.dataset['tile'] ?? '').split('.').map(Number);
    let found: Tile | undefined;
    let tiles = this.tiles();
    for (const step of steps) {
      found = tiles[step];
      tiles = found?.children ?? [];
    }
    return found?.part ?? null;
  }
}

import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** The initials of somebody in a circle. Decorative: the name stands beside it. */
@Component({
  selector: 'home-person-mark',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `{{ initials() }}`,
  styles: `
    :host {
      display: grid;
      place-items: center;
      flex: none;
      width: 32px;
      height: 32px;
      border-radius: 50%;
      background: var(--raised);
      color: var(--muted);
      font-size: 12px;
      font-weight: 600;
      letter-spacing: 0.02em;
    }
  `,
  host: { 'aria-hidden': 'true' },
})
export class PersonMark {
  readonly name = input.required<string>();

  protected readonly initials = computed(() => initialsOf(this.name()));
}

/** The first letters of the first and the last word of a name, in capitals. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase('en') ?? '').join('');
}

import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import {
  MatAutocomplete,
  MatAutocompleteOrigin,
  MatAutocompleteTrigger,
  type MatAutocompleteSelectedEvent,
  MatOption,
} from '@angular/material/autocomplete';
import type { TagCount } from '@homeserver/dto';
import { formatCount, Tag } from '@homeserver/ui';

import { addTyped } from './tag-edits';
import { suggestTags } from './tag-suggestions';

/** Tags as chips, and a field to add more: Enter or a comma adds, Backspace in the empty field removes the last one. */
@Component({
  selector: 'home-tag-editor',
  imports: [MatAutocomplete, MatAutocompleteOrigin, MatAutocompleteTrigger, MatOption, Tag],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './tag-editor.html',
  styleUrl: './tag-editor.scss',
})
export class TagEditor {
  readonly tags = input.required<readonly string[]>();
  readonly known = input.required<readonly TagCount[]>();
  /** Names the field for those who do not see it. */
  readonly label = input('Add a tag');
  readonly placeholder = input('Add a tag');
  /** What stands beside a tag, such as how many files bear it. */
  readonly notes = input<ReadonlyMap<string, string>>(new Map());

  readonly edited = output<readonly string[]>();

  protected readonly text = signal('');
  protected readonly fault = signal<string | null>(null);
  protected readonly suggestions = computed(() =>
    suggestTags(this.known(), this.text(), this.tags()),
  );
  protected readonly formatCount = formatCount;

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  focus(): void {
    this.field().nativeElement.focus();
  }

  /** Adds what stands in the field. @returns false when it cannot be a tag */
  commit(): boolean {
    return this.text().trim() === '' || this.add(this.text());
  }

  protected handleInput(text: string): void {
    this.text.set(text);
    this.fault.set(null);
    if (text.includes(',')) this.add(text);
  }

  protected handleKey(event: KeyboardEvent, trigger: MatAutocompleteTrigger): void {
    // Then the keys belong to the character that is being composed.
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      // The list of suggestions takes an Enter of its own.
      event.preventDefault();
      if (trigger.activeOption === null) this.commit();
    }
    const last = this.tags().at(-1);
    if (event.key === 'Backspace' && this.text() === '' && last !== undefined) this.remove(last);
    // Escape empties the field first; only then does it close what is around it.
    if (event.key === 'Escape' && this.text() !== '') {
      event.stopPropagation();
      this.write('');
    }
  }

  protected handleChoice(event: MatAutocompleteSelectedEvent): void {
    const chosen: unknown = event.option.value;
    if (typeof chosen === 'string') this.add(chosen);
  }

  protected remove(tag: string): void {
    this.edited.emit(this.tags().filter((other) => other !== tag));
    this.focus();
  }

  private add(text: string): boolean {
    const { tags, fault } = addTyped(this.tags(), text);
    this.fault.set(fault);
    if (fault !== null) return false;
    this.write('');
    if (tags.length > this.tags().length) this.edited.emit(tags);
    return true;
  }

  private write(text: string): void {
    this.text.set(text);
    this.field().nativeElement.value = text;
  }
}

import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  Injector,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { type FileMetadata, nameFault } from '@homeserver/dto';

import { FileRenaming } from '../actions/file-renaming';
import { renamedLength } from '../entries/entry-name';

/** The name of a row as a field. Enter and leaving it take the new name, Escape leaves the old one. */
@Component({
  selector: 'home-rename-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <input
      #field
      type="text"
      aria-label="New name"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      [value]="file().filename"
      [readOnly]="isSaving()"
      [attr.aria-invalid]="fault() !== null"
      [attr.aria-describedby]="fault() === null ? null : 'home-rename-fault'"
      (input)="fault.set(null)"
      (keydown)="handleKey($event)"
      (blur)="leave()"
    />
    @if (fault(); as words) {
      <span #faultLine class="fault" id="home-rename-fault" role="alert">{{ words }}</span>
    }
  `,
  styleUrl: './rename-field.scss',
})
export class RenameField {
  readonly file = input.required<FileMetadata>();

  /** The row shows the name again; `true` when the keyboard is still here, for the list to take it back. */
  readonly closed = output<boolean>();

  protected readonly fault = signal<string | null>(null);
  protected readonly isSaving = signal(false);

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly faultLine = viewChild<ElementRef<HTMLElement>>('faultLine');
  private readonly renaming = inject(FileRenaming);
  private readonly injector = inject(Injector);
  private isClosed = false;

  constructor() {
    afterNextRender(() => {
      const { filename, kind } = this.file();
      const field = this.field().nativeElement;
      field.focus({ preventScroll: true });
      field.setSelectionRange(0, renamedLength(filename, kind));
    });
  }

  protected handleKey(event: KeyboardEvent): void {
    // The keys are the field's; the list would walk or delete.
    event.stopPropagation();
    // Then they belong to the character that is being composed.
    if (event.isComposing) return;
    if (event.key === 'Enter') void this.save();
    if (event.key === 'Escape') this.close();
  }

  /** Elsewhere was clicked: a name that was refused already is given up. */
  protected leave(): void {
    if (this.fault() === null) void this.save();
    else this.close();
  }

  private async save(): Promise<void> {
    if (this.isClosed || this.isSaving()) return;
    const filename = this.field().nativeElement.value;
    if (filename === this.file().filename) return this.close();
    const fault = nameFault(filename) ?? (await this.send(filename));
    if (fault === null) this.close();
    else this.refuse(fault);
  }

  private refuse(fault: string): void {
    this.fault.set(fault);
    this.field().nativeElement.focus();
    afterNextRender(
      { read: () => this.faultLine()?.nativeElement.scrollIntoView({ block: 'nearest' }) },
      { injector: this.injector },
    );
  }

  private async send(filename: string): Promise<string | null> {
    this.isSaving.set(true);
    try {
      return await this.renaming.rename(this.file(), filename);
    } finally {
      this.isSaving.set(false);
    }
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const field = this.field().nativeElement;
    this.closed.emit(field.ownerDocument.activeElement === field);
  }
}

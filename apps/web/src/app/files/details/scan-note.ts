import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { FileMetadata, ScanMark } from '@homeserver/dto';
import { Icon, type IconName } from '@homeserver/ui';
import { catchError, map, type Observable, of, startWith, switchMap } from 'rxjs';

import { FilesApi } from '../files-api';
import { onceStayed } from './once-stayed';

const WORDS: Readonly<Record<ScanMark, { icon: IconName; words: string }>> = {
  clean: { icon: 'shield', words: 'The virus scanner found nothing when it was uploaded.' },
  not_scanned: {
    icon: 'warning',
    words:
      'It could not be scanned for viruses when it was uploaded. Open it only if you trust it.',
  },
};

/** Says what the virus scanner said of a file. Where no scanner is set up there is nothing to say. */
@Component({
  selector: 'home-scan-note',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as note) {
      <p [class.doubtful]="mark() === 'not_scanned'">
        <home-icon [name]="note.icon" [size]="18" />{{ note.words }}
      </p>
    }
  `,
  styleUrl: './scan-note.scss',
})
export class ScanNote {
  readonly file = input.required<FileMetadata>();

  private readonly api = inject(FilesApi);
  /** Another content may have been marked otherwise; with another name or other tags it is the same. */
  private readonly asked = computed(
    () => {
      const { id, kind, uploadDate, modifiedAt } = this.file();
      return kind === 'file' ? { id, uploadDate, modifiedAt } : null;
    },
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  protected readonly mark = toSignal(
    toObservable(this.asked).pipe(switchMap((asked) => this.ask(asked?.id ?? null))),
    { initialValue: null },
  );
  protected readonly shown = computed(() => {
    const mark = this.mark();
    return mark === null ? null : WORDS[mark];
  });

  private ask(id: string | null): Observable<ScanMark | null> {
    if (id === null) return of(null);
    return onceStayed(() => this.api.metadata(id)).pipe(
      map(({ scan }) => scan),
      // The rest of the details says what is wrong.
      catchError(() => of<ScanMark | null>(null)),
      startWith<ScanMark | null>(null),
    );
  }
}

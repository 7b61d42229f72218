import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  input,
  signal,
} from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import type { CorruptedFile } from '@homeserver/dto';
import { Button, countOf, formatDateTime, ProblemLine } from '@homeserver/ui';
import { catchError, map, type Observable, of, scan, startWith, switchMap } from 'rxjs';

import { DrivesApi } from '../core/drives-api';
import { describeProblem, problemInWords, type ProblemView } from '../core/problem';
import { keepFocus } from '../core/sections/keep-focus';

const MOST = 20;

interface Shown {
  readonly items: readonly CorruptedFile[];
  readonly hasMore: boolean;
  /** Why they cannot be shown; null when they can. */
  readonly problem: ProblemView | null;
}

/** Which files of a drive are corrupted, each with the way to it. */
@Component({
  selector: 'home-corrupted-files',
  imports: [Button, ProblemLine, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as list) {
      @if (list.problem; as problem) {
        <home-problem-line [detail]="problemInWords(problem)" [requestId]="problem.requestId">
          <button homeButton type="button" (click)="retry()">Try again</button>
        </home-problem-line>
      } @else {
        <ul>
          @for (item of list.items; track item.versionId ?? item.file.id) {
            <li>
              @if (item.isTrashed) {
                <a routerLink="/trash">{{ item.file.storagePath }}</a>
              } @else {
                <a routerLink="/files" [queryParams]="placeOf(item)">{{ item.file.storagePath }}</a>
              }
              <span>{{ noteOf(item) }}</span>
            </li>
          }
        </ul>
        @if (list.hasMore) {
          <p>and {{ rest() }} more</p>
        }
      }
    } @else {
      <p class="waiting">Looking which they are…</p>
    }
  `,
  styleUrl: './corrupted-files.scss',
  host: { role: 'group', 'aria-label': 'Corrupted files', tabindex: '-1' },
})
export class CorruptedFiles {
  readonly driveId = input.required<string>();
  /** With another number they are looked up anew. */
  readonly count = input.required<number>();

  protected readonly problemInWords = problemInWords;

  private readonly api = inject(DrivesApi);
  private readonly injector = inject(Injector);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly tries = signal(0);
  private readonly asked = computed(
    () => ({ driveId: this.driveId(), count: this.count(), tryNumber: this.tries() }),
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  protected readonly shown = toSignal(
    toObservable(this.asked).pipe(
      switchMap(({ driveId }) => this.ask(driveId)),
      // A list stays in sight while it is asked for anew; a problem does not.
      scan(
        (before: Shown | null, next: Shown | null) =>
          next === null && before?.problem === null ? before : next,
        null,
      ),
    ),
    { initialValue: null },
  );
  protected readonly rest = computed(() =>
    countOf(Math.max(this.count() - (this.shown()?.items.length ?? 0), 1), 'file'),
  );

  protected placeOf({ file }: CorruptedFile) {
    return { drive: file.driveId, folder: file.parentId };
  }

  protected noteOf({ versionId, isTrashed, corruptedAt }: CorruptedFile): string {
    const what = versionId === null ? '' : 'An earlier version. ';
    const where = isTrashed ? 'In the trash. ' : '';
    return `${what}${where}Found ${formatDateTime(new Date(corruptedAt))}`;
  }

  protected retry(): void {
    this.tries.update((count) => count + 1);
    // The button that was pressed is gone.
    keepFocus(() => this.element.nativeElement, this.injector);
  }

  private ask(driveId: string): Observable<Shown | null> {
    return this.api.corrupted(driveId, MOST).pipe(
      map(({ items, nextCursor }) => ({ items, hasMore: nextCursor !== null, problem: null })),
      catchError((error: unknown) =>
        of({ items: [], hasMore: false, problem: describeProblem(error) }),
      ),
      startWith(null),
    );
  }
}

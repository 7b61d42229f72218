import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import type { CorruptedFile } from '@homeserver/dto';
import { countOf, formatDateTime } from '@homeserver/ui';
import { catchError, map, type Observable, of, switchMap } from 'rxjs';

import { DrivesApi } from '../core/drives-api';
import { describeProblem } from '../core/problem';

const MOST = 20;

interface Shown {
  readonly items: readonly CorruptedFile[];
  readonly hasMore: boolean;
  /** Why they cannot be shown; null when they can. */
  readonly problem: string | null;
}

/** Which files of a drive are corrupted, each with the way to it. */
@Component({
  selector: 'home-corrupted-files',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as list) {
      @if (list.problem !== null) {
        <p role="status">{{ list.problem }}. They are shown when the page is opened again.</p>
      } @else {
        <ul aria-label="Corrupted files">
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
  styles: `
    :host {
      display: block;
      font-size: 13px;
    }

    ul {
      display: grid;
      gap: 6px;
      max-height: 240px;
      margin: 0;
      padding: 0;
      overflow-y: auto;
      list-style: none;
    }

    a {
      color: var(--accent);
      overflow-wrap: anywhere;
    }

    span,
    p {
      color: var(--muted);
      font-size: 12.5px;
    }

    span {
      display: block;
    }

    p {
      margin: 6px 0 0;
    }
  `,
})
export class CorruptedFiles {
  readonly driveId = input.required<string>();
  /** With another number they are looked up anew. */
  readonly count = input.required<number>();

  private readonly api = inject(DrivesApi);
  private readonly asked = computed(() => ({ driveId: this.driveId(), count: this.count() }), {
    equal: (one, other) => one.driveId === other.driveId && one.count === other.count,
  });
  protected readonly shown = toSignal(
    toObservable(this.asked).pipe(switchMap(({ driveId }) => this.ask(driveId))),
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

  private ask(driveId: string): Observable<Shown> {
    return this.api.corrupted(driveId, MOST).pipe(
      map(({ items, nextCursor }) => ({ items, hasMore: nextCursor !== null, problem: null })),
      catchError((error: unknown) =>
        of({ items: [], hasMore: false, problem: describeProblem(error).title }),
      ),
    );
  }
}

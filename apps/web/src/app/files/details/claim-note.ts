import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
} from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { Claim, FileMetadata } from '@homeserver/dto';
import { Button, Icon } from '@homeserver/ui';
import { catchError, map, type Observable, of, startWith, switchMap } from 'rxjs';

import { FileClaims } from '../actions/file-claims';
import { FilesApi } from '../files-api';
import { DriveCondition } from '../listing/drive-condition';
import { claimInWords } from './claim-words';
import { onceStayed } from './once-stayed';

/** Says which missing file this one may be, and takes a person's word for it. Mostly there is nothing to say. */
@Component({
  selector: 'home-claim-note',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as claim) {
      <div class="note">
        <p><home-icon name="history" [size]="18" />{{ words() }}</p>
        <div class="answers">
          <button homeButton type="button" (click)="accept(claim)">It is the same file</button>
          @if (claims().length > 1) {
            <button type="button" class="other" (click)="showNext()">
              Another?
              <span>{{ place() + 1 }} of {{ claims().length }}</span>
            </button>
          }
        </div>
      </div>
    }
  `,
  styleUrl: './claim-note.scss',
  host: { 'aria-live': 'polite' },
})
export class ClaimNote {
  readonly file = input.required<FileMetadata>();
  readonly claimed = output<FileMetadata>();

  private readonly api = inject(FilesApi);
  private readonly fileClaims = inject(FileClaims);
  private readonly condition = inject(DriveCondition);
  /** null where there is nothing to ask, or nobody who could answer. */
  private readonly askedId = computed(() => {
    const { id, kind } = this.file();
    const isOpen = kind === 'file' && !this.fileClaims.isSettled(id);
    return isOpen && this.condition.refusal() === null ? id : null;
  });
  protected readonly claims = toSignal(
    toObservable(this.askedId).pipe(switchMap((id) => this.ask(id))),
    { initialValue: [] },
  );
  protected readonly place = linkedSignal({ source: this.claims, computation: () => 0 });
  protected readonly shown = computed(() => this.claims()[this.place()] ?? null);
  protected readonly words = computed(() => {
    const claim = this.shown();
    return claim === null ? '' : claimInWords(claim, new Date());
  });
  private isUnderway = false;

  protected async accept(claim: Claim): Promise<void> {
    if (this.isUnderway) return;
    this.isUnderway = true;
    const restored = await this.fileClaims.claim(this.file(), claim);
    this.isUnderway = false;
    if (restored !== null) this.claimed.emit(restored);
  }

  protected showNext(): void {
    this.place.update((place) => (place + 1) % this.claims().length);
  }

  private ask(id: string | null): Observable<readonly Claim[]> {
    if (id === null) return of([]);
    return onceStayed(() => this.api.claims(id)).pipe(
      map(({ items }) => items),
      // It is an offer: where it cannot be made, nothing is missed.
      catchError(() => of([])),
      startWith([]),
    );
  }
}

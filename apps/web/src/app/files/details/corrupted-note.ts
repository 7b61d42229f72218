import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button, formatDateTime, Icon } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { describeProblem } from '../../core/problem';
import { FilesApi } from '../files-api';

/** Says that the bytes of a file are not those that were stored, and what to do. Mostly there is nothing to say. */
@Component({
  selector: 'home-corrupted-note',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (since(); as time) {
      <div class="note">
        <p>
          <home-icon name="warning" [size]="18" />
          <span>
            <b>This file is corrupted.</b> Its bytes have changed on the disk, and nobody wrote to
            it; that was found on {{ time }}. Put a good copy in its place: an earlier version, or
            one of a backup.
          </span>
        </p>
        <button homeButton type="button" [attr.aria-disabled]="isAsking()" (click)="checkAgain()">
          Check again
        </button>
      </div>
    }
    <p class="answer" aria-live="polite">{{ answer() }}</p>
  `,
  styleUrl: './corrupted-note.scss',
})
export class CorruptedNote {
  readonly file = input.required<FileMetadata>();

  protected readonly since = computed(() => {
    const { corruptedAt } = this.file();
    return corruptedAt === null ? null : formatDateTime(new Date(corruptedAt));
  });
  /** What was asked, and the answer, belong to one file as it was found then. */
  private readonly finding = computed(() => `${this.file().id} ${this.file().corruptedAt ?? ''}`);
  protected readonly isAsking = linkedSignal({ source: this.finding, computation: () => false });
  protected readonly answer = linkedSignal({ source: this.finding, computation: () => '' });

  private readonly api = inject(FilesApi);
  private readonly jobs = inject(JobsStore);

  /** What comes of it shows by itself: the file is told of when it is right again. */
  protected async checkAgain(): Promise<void> {
    if (this.isAsking()) return;
    const finding = this.finding();
    this.isAsking.set(true);
    const answer = await this.verify();
    if (this.finding() !== finding) return;
    this.answer.set(answer);
    this.isAsking.set(false);
  }

  private async verify(): Promise<string> {
    try {
      this.jobs.add(await firstValueFrom(this.api.verify(this.file().id)));
      return 'It is being read. This note goes when it is right again.';
    } catch (error) {
      return describeProblem(error).title;
    }
  }
}

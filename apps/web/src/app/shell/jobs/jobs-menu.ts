import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import type { Job } from '@homeserver/dto';
import { formatCount, Icon, ProgressBar } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { endWords, progressOf } from '../../core/jobs/job-words';
import { JobsApi } from '../../core/jobs/jobs-api';
import { JobsStore } from '../../core/jobs/jobs-store';
import { Notices } from '../../core/notices';
import { describeProblem } from '../../core/problem';
import { SessionStore } from '../../core/session-store';

/** Work in the background: how far it has come, and the way to stop it. Says how it ended. */
@Component({
  selector: 'home-jobs-menu',
  imports: [Icon, ProgressBar],
  providers: [Notices],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './jobs-menu.html',
  styleUrl: './jobs-menu.scss',
  host: {
    '(keydown.escape)': 'closeByKey($event)',
    '(focusout)': 'closeWhenLeft($event)',
    '(document:pointerdown)': 'closeWhenElsewhere($event)',
  },
})
export class JobsMenu {
  protected readonly isOpen = signal(false);
  protected readonly lines = computed(() =>
    this.store.jobs().map((job) => ({ job, progress: progressOf(job) })),
  );
  /** Of the only one how far it is, else how many there are. */
  protected readonly label = computed(() => {
    const [first, another] = this.lines();
    const share = another === undefined ? (first?.progress.share ?? null) : null;
    if (share !== null) return `${Math.floor(share * 100)}\u00a0%`;
    return formatCount(this.lines().length);
  });

  private readonly store = inject(JobsStore);
  private readonly api = inject(JobsApi);
  private readonly notices = inject(Notices);
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly trigger = viewChild<ElementRef<HTMLElement>>('trigger');

  constructor() {
    this.store.ended.pipe(takeUntilDestroyed()).subscribe((job) => this.tellEnd(job));
  }

  protected async cancel(job: Job): Promise<void> {
    try {
      await this.store.cancel(job);
    } catch (failure) {
      this.notices.say(describeProblem(failure).detail);
    }
  }

  protected closeByKey(event: Event): void {
    if (!this.isOpen()) return;
    event.stopPropagation();
    this.isOpen.set(false);
    this.trigger()?.nativeElement.focus();
  }

  protected closeWhenLeft({ relatedTarget }: FocusEvent): void {
    // Without a target the window has lost the focus, or a place was pressed that takes none.
    if (relatedTarget instanceof Node && !this.holds(relatedTarget)) this.isOpen.set(false);
  }

  protected closeWhenElsewhere({ target }: Event): void {
    if (this.isOpen() && target instanceof Node && !this.holds(target)) this.isOpen.set(false);
  }

  /** Of what others do, and of what the server does by itself, a person need not hear. */
  private tellEnd(job: Job): void {
    if (job.userId === null || job.userId !== this.session.user()?.id) return;
    const { resultId } = job;
    if (job.state !== 'done' || resultId === null) this.notices.say(endWords(job));
    else this.notices.offer(endWords(job), 'Open', () => void this.open(resultId));
  }

  private async open(id: string): Promise<void> {
    try {
      const { kind, driveId, parentId } = await firstValueFrom(this.api.result(id));
      const queryParams = { drive: driveId, folder: kind === 'folder' ? id : parentId };
      await this.router.navigate(['/files'], { queryParams });
    } catch (failure) {
      this.notices.say(describeProblem(failure).detail);
    }
  }

  private holds(node: Node): boolean {
    return this.host.nativeElement.contains(node);
  }
}

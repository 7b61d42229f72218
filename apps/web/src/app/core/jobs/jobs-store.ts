import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { Job } from '@homeserver/dto';
import { firstValueFrom, Subject } from 'rxjs';

import { describeProblem } from '../problem';
import { JobsApi } from './jobs-api';

const WHILE_ANY_MS = 2000;

/** The work in the background that is not over. Asked for while any is known, and when the page is looked at again. */
@Injectable({ providedIn: 'root' })
export class JobsStore {
  /** The newest first. */
  readonly jobs = computed(() => this.known());
  /** Those that are over, as they ended. */
  readonly ended = new Subject<Job>();

  private readonly known = signal<readonly Job[]>([]);
  private readonly api = inject(JobsApi);
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    const look = () => {
      if (document.visibilityState === 'visible') void this.load();
    };
    document.addEventListener('visibilitychange', look);
    inject(DestroyRef).onDestroy(() => {
      document.removeEventListener('visibilitychange', look);
      this.forgetTimer();
    });
    look();
  }

  /** A job that an answer told of. */
  add(job: Job): void {
    this.known.update((jobs) => [job, ...jobs.filter(({ id }) => id !== job.id)]);
    this.lookAgain();
  }

  /** Never rejects: without an answer what is known stays. */
  async load(): Promise<void> {
    const before = this.known();
    try {
      const { items } = await firstValueFrom(this.api.active());
      const added = this.known().filter((job) => !before.includes(job) && !isIn(items, job));
      this.known.set([...added, ...items]);
      await Promise.all(
        before.filter((job) => !isIn(items, job)).map(async ({ id }) => this.tellEnd(id)),
      );
    } catch {
      // The server is away, or this person sees no jobs: the next look tells.
    }
    this.lookAgain();
  }

  /** @throws HttpErrorResponse */
  async cancel(job: Job): Promise<void> {
    this.replace({ ...job, isCancelling: true });
    try {
      await firstValueFrom(this.api.cancel(job.id), { defaultValue: undefined });
    } catch (failure) {
      // It was over before it could be stopped: the next look tells how.
      if (describeProblem(failure).code !== 'jobs.over') {
        this.replace(job);
        throw failure;
      }
    }
    await this.load();
  }

  private async tellEnd(id: string): Promise<void> {
    try {
      this.ended.next(await firstValueFrom(this.api.job(id)));
    } catch {
      // It is no longer known: there is nothing to tell.
    }
  }

  private replace(job: Job): void {
    this.known.update((jobs) => jobs.map((known) => (known.id === job.id ? job : known)));
  }

  private lookAgain(): void {
    this.forgetTimer();
    if (this.known().length === 0) return;
    this.timer = setTimeout(() => void this.load(), WHILE_ANY_MS);
  }

  private forgetTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

function isIn(jobs: readonly Job[], job: Job): boolean {
  return jobs.some(({ id }) => id === job.id);
}

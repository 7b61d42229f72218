import { computed, DestroyRef, inject, Injectable } from '@angular/core';
import type { Drive, PatchDrive } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { DrivesApi } from '../core/drives-api';
import { DrivesStore } from '../core/drives-store';
import { Loadable } from '../core/forms/loadable';
import { JobsStore } from '../core/jobs/jobs-store';
import { SessionStore } from '../core/session-store';
import { DriveAdminApi, type WantedDrive } from './drive-admin-api';

const WHILE_SCANNING_MS = 2000;
/** States change by themselves within ten seconds. */
const ELSE_MS = 5000;

/** The drives as the page shows them: administrators see all, others their own. Looked at as long as the page is. */
@Injectable()
export class DriveListStore {
  readonly list = new Loadable<readonly Drive[]>(() => this.ask());
  readonly drives = computed(() => this.list.value());

  private readonly session = inject(SessionStore);
  private readonly api = inject(DrivesApi);
  private readonly admin = inject(DriveAdminApi);
  private readonly frame = inject(DrivesStore);
  private readonly jobs = inject(JobsStore);
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isLeft = false;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.isLeft = true;
      this.forgetTimer();
    });
    void this.look();
  }

  /** @throws HttpErrorResponse */
  async add(drive: WantedDrive): Promise<Drive> {
    const added = await firstValueFrom(this.admin.add(drive));
    await this.lookEverywhere();
    return added;
  }

  /** @throws HttpErrorResponse */
  async change(id: string, change: PatchDrive): Promise<void> {
    await firstValueFrom(this.admin.change(id, change));
    await this.lookEverywhere();
  }

  /** @throws HttpErrorResponse */
  async forget(id: string): Promise<void> {
    await firstValueFrom(this.admin.forget(id));
    await this.lookEverywhere();
  }

  /** @throws HttpErrorResponse */
  async scan(id: string, full: boolean): Promise<void> {
    this.jobs.add(await firstValueFrom(this.admin.scan(id, { full })));
    await this.lookEverywhere();
  }

  /** @throws HttpErrorResponse */
  async verify(id: string): Promise<void> {
    this.jobs.add(await firstValueFrom(this.admin.verify(id)));
  }

  /** @throws HttpErrorResponse */
  async decide(id: string, decision: 'forget' | 'keep'): Promise<void> {
    await firstValueFrom(this.admin.decide(id, { decision }), { defaultValue: undefined });
    await this.lookEverywhere();
  }

  /** Here, and what the frame shows of drives. */
  private async lookEverywhere(): Promise<void> {
    await Promise.all([this.look(), this.frame.load()]);
  }

  private async look(): Promise<void> {
    this.forgetTimer();
    if (document.visibilityState === 'visible') await this.list.load();
    if (this.isLeft) return;
    if (this.isFrameBehind()) void this.frame.load();
    const isScanning = this.drives()?.some(({ index }) => index.state === 'scanning') === true;
    this.forgetTimer();
    this.timer = setTimeout(() => void this.look(), isScanning ? WHILE_SCANNING_MS : ELSE_MS);
  }

  /** Whether the frame says something else of a drive than the page does. */
  private isFrameBehind(): boolean {
    const said = new Map(this.frame.drives()?.map((drive) => [drive.id, conditionOf(drive)]));
    return (this.drives() ?? []).some(
      (drive) => said.has(drive.id) && said.get(drive.id) !== conditionOf(drive),
    );
  }

  private async ask(): Promise<readonly Drive[]> {
    const drives = this.session.isAdmin() ? this.admin.all() : this.api.list();
    return (await firstValueFrom(drives)).items;
  }

  private forgetTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

function conditionOf({ state, attention }: Drive): string {
  return JSON.stringify([state, attention]);
}

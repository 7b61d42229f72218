import { computed, inject, Injectable } from '@angular/core';
import type { Access, User } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { allPages } from '../../core/forms/all-pages';
import { Loadable } from '../../core/forms/loadable';
import { type AnyDrive, GrantsApi } from '../grants-api';
import { UsersApi } from '../users-api';

/** What each user may do on a drive, by their id. Who is missing may nothing. */
export type DriveAccess = ReadonlyMap<string, Access>;

export interface AccessMatrix {
  readonly drives: readonly AnyDrive[];
  readonly users: readonly User[];
  /** By the id of the drive. */
  readonly access: ReadonlyMap<string, DriveAccess>;
}

/** One square of the matrix. */
export interface AccessPlace {
  readonly driveId: string;
  readonly userId: string;
}

/** Who may do what on which drive. */
@Injectable()
export class AccessStore {
  readonly matrix = new Loadable<AccessMatrix>(() => this.load());
  readonly shared = computed(() => this.drives((drive) => drive.ownerId === null));
  readonly personal = computed(() => this.drives((drive) => drive.ownerId !== null));

  private readonly users = inject(UsersApi);
  private readonly grants = inject(GrantsApi);
  /** Grants of a drive are replaced as a whole, so that its changes go one after the other. */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor() {
    void this.matrix.load();
  }

  accessOf({ driveId, userId }: AccessPlace): Access {
    return this.matrix.value()?.access.get(driveId)?.get(userId) ?? 'none';
  }

  /**
   * Shows what is wished at once, and what was before when the server refuses.
   * @throws HttpErrorResponse 404, 422
   */
  async change(place: AccessPlace, access: Access): Promise<void> {
    const before = this.accessOf(place);
    this.show(place, access);
    const earlier = this.underWay.get(place.driveId) ?? Promise.resolve();
    // What became of the change before is told where that was asked for.
    const sent = earlier.catch(() => undefined).then(() => this.send(place, access));
    this.underWay.set(place.driveId, sent);
    try {
      await sent;
    } catch (error) {
      if (this.accessOf(place) === access) this.show(place, before);
      throw error;
    }
  }

  /** Changes one line of what the server has now: others may have changed the rest. */
  private async send({ driveId, userId }: AccessPlace, access: Access): Promise<void> {
    const { items } = await firstValueFrom(this.grants.grants(driveId));
    const others = items.filter((item) => item.userId !== userId);
    await firstValueFrom(this.grants.replace(driveId, { items: [...others, { userId, access }] }));
  }

  private show({ driveId, userId }: AccessPlace, access: Access): void {
    this.matrix.update((matrix) => {
      const drive = new Map(matrix.access.get(driveId)).set(userId, access);
      return { ...matrix, access: new Map(matrix.access).set(driveId, drive) };
    });
  }

  private drives(isWanted: (drive: AnyDrive) => boolean): readonly AnyDrive[] {
    return this.matrix.value()?.drives.filter(isWanted) ?? [];
  }

  private async load(): Promise<AccessMatrix> {
    const [users, drives] = await Promise.all([
      allPages((cursor) => this.users.list(cursor)),
      firstValueFrom(this.grants.drives()),
    ]);
    const access = await Promise.all(
      drives.map(async ({ id }) => [id, await this.accessOn(id)] as const),
    );
    return { drives, users, access: new Map(access) };
  }

  private async accessOn(driveId: string): Promise<DriveAccess> {
    const { items } = await firstValueFrom(this.grants.grants(driveId));
    return new Map(items.map((item) => [item.userId, item.access]));
  }
}

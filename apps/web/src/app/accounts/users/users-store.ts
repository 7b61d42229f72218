import { computed, inject, Injectable } from '@angular/core';
import type { CreateUser, PatchUser, User } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { allPages } from '../../core/forms/all-pages';
import { Loadable } from '../../core/forms/loadable';
import { UsersApi } from '../users-api';

/** Everybody who may sign in, by name. */
@Injectable()
export class UsersStore {
  readonly list = new Loadable<readonly User[]>(() => allPages((cursor) => this.api.list(cursor)));
  readonly users = computed(() => {
    const users = this.list.value();
    return users === null ? null : [...users].sort(byName);
  });

  private readonly api = inject(UsersApi);

  constructor() {
    void this.list.load();
  }

  /** @throws HttpErrorResponse 409 `accounts.username_taken`, 422 */
  async create(user: CreateUser): Promise<User> {
    const created = await firstValueFrom(this.api.create(user));
    this.list.update((users) => [...users, created]);
    return created;
  }

  /**
   * Shows what is wished at once, and what was before when the server refuses.
   * @throws HttpErrorResponse 409 `accounts.last_administrator`
   */
  async change(user: User, change: Pick<PatchUser, 'role' | 'disabled'>): Promise<void> {
    this.replace({ ...user, ...change });
    try {
      this.replace(await firstValueFrom(this.api.change(user.id, change)));
    } catch (error) {
      this.replace(user);
      throw error;
    }
  }

  /** @throws HttpErrorResponse 422 with `#/password` */
  async setPassword(id: string, password: string): Promise<void> {
    this.replace(await firstValueFrom(this.api.change(id, { password })));
  }

  /** @param quotaBytes null: as much as there is room. @throws HttpErrorResponse 422 with `#/quotaBytes` */
  async setQuota(id: string, quotaBytes: number | null): Promise<void> {
    this.replace(await firstValueFrom(this.api.change(id, { quotaBytes })));
  }

  /** @throws HttpErrorResponse 409 `accounts.last_administrator` */
  async delete(id: string): Promise<void> {
    await firstValueFrom(this.api.delete(id));
    this.list.update((users) => users.filter((user) => user.id !== id));
  }

  private replace(changed: User): void {
    this.list.update((users) => users.map((user) => (user.id === changed.id ? changed : user)));
  }
}

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

function byName(one: User, other: User): number {
  return (
    collator.compare(one.displayName, other.displayName) ||
    collator.compare(one.username, other.username)
  );
}

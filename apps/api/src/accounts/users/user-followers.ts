import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Actor } from '../../platform/access/actor';
import type { EventTransaction } from '../../platform/events/event-transactions';
import type { UserRow } from './user';

/** What stands on accounts and has to keep up with who there is, such as the drives that people own. */
export interface UserFollower {
  /** Somebody was made a user, or has signed in: what they need is there afterwards. May be called again. */
  welcome(user: UserRow): Promise<void>;
  /** Somebody becomes an administrator, in the transaction that makes it so. */
  promote(userId: string, manager: EntityManager): Promise<void>;
  /** Somebody is deleted, in the transaction that does it; what was theirs goes to the heir. */
  inherit(userId: string, heir: Actor, transaction: EventTransaction): Promise<void>;
  /** Whether something is there that the next user of this name would take up. */
  hasRemains(username: string): Promise<boolean>;
}

/** Accounts know nothing of the domains above them, so these say here that they follow. */
@Injectable()
export class UserFollowers {
  private readonly followers: UserFollower[] = [];

  add(follower: UserFollower): void {
    this.followers.push(follower);
  }

  async welcome(user: UserRow): Promise<void> {
    for (const follower of this.followers) await follower.welcome(user);
  }

  async promote(userId: string, manager: EntityManager): Promise<void> {
    for (const follower of this.followers) await follower.promote(userId, manager);
  }

  async inherit(userId: string, heir: Actor, transaction: EventTransaction): Promise<void> {
    for (const follower of this.followers) await follower.inherit(userId, heir, transaction);
  }

  async hasRemains(username: string): Promise<boolean> {
    for (const follower of this.followers) if (await follower.hasRemains(username)) return true;
    return false;
  }
}

import type { CreateUser, PatchUser, Role, User, UserPage } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Logger } from 'pino';

import { AccessDeniedError } from '../../platform/access/access.errors';
import type { Actor, Cause } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { type EventTransaction, EventTransactions } from '../../platform/events/event-transactions';
import { InvalidInputError } from '../../platform/http/domain-error';
import { LOGGER } from '../../platform/logging/logging.module';
import { accountEvent } from '../account-event';
import {
  AlreadySetUpError,
  GuessablePasswordError,
  LastAdministratorError,
  UsernameTakenError,
  UserNotFoundError,
} from '../accounts.errors';
import { isGuessable } from '../passwords/guessable';
import { PasswordHasher } from '../passwords/password-hasher.adapter';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { SessionsRepository } from '../sessions/sessions.repository';
import { toUser, type UserRow } from './user';
import { UserFollowers } from './user-followers';
import { UsersRepository } from './users.repository';

const WELCOMED_AT_ONCE = 100;

/** Who is to be made a user. */
export interface Newcomer {
  readonly username: string;
  readonly displayName?: string | undefined;
  readonly role: Role;
  /** null: comes in another way than by a password. */
  readonly password: string | null;
}

@Injectable()
export class UsersService {
  constructor(
    private readonly repository: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly hasher: PasswordHasher,
    private readonly transactions: EventTransactions,
    private readonly followers: UserFollowers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws InvalidInputError when the cursor is not one of ours */
  async list(cursor: string | undefined, limit: number): Promise<UserPage> {
    const rows = await this.repository.list(decodeCursor(cursor), limit + 1);
    const items = rows.slice(0, limit).map(toUser);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return {
      items,
      nextCursor: last === undefined ? null : Buffer.from(last.username).toString('base64url'),
      ...(cursor === undefined ? { total: await this.repository.count() } : {}),
    };
  }

  /** @throws UserNotFoundError */
  async get(id: string): Promise<User> {
    const row = await this.repository.find(id);
    if (row === null) throw new UserNotFoundError();
    return toUser(row);
  }

  /** @throws UsernameTakenError, GuessablePasswordError, ConfirmRequiredError */
  async create(user: CreateUser, actor: Actor): Promise<User> {
    requireConfirmed(actor);
    const passwordHash = await this.hashNew(user, '#/password');
    const row = await this.transactions.run((transaction) =>
      this.insert(user, passwordHash, actor, transaction),
    );
    await this.welcome(row);
    return toUser(row);
  }

  /**
   * Makes the first administrator.
   * @param clientAddress from where it is done; null: by who starts the server
   * @throws AlreadySetUpError when there is a user already, also when one was made a moment ago
   */
  async registerFirst(
    newcomer: Omit<Newcomer, 'role'>,
    clientAddress: string | null,
  ): Promise<UserRow> {
    const passwordHash = await this.hashNew(newcomer, '#/password');
    const row = await this.transactions.run(async (transaction) => {
      await this.repository.lockAdministrators(transaction.manager);
      if (await this.repository.exist(transaction.manager)) throw new AlreadySetUpError();
      const cause =
        clientAddress === null
          ? null
          : { userId: null, username: newcomer.username, clientAddress };
      return this.insert({ ...newcomer, role: 'admin' }, passwordHash, cause, transaction);
    });
    await this.welcome(row);
    return row;
  }

  /**
   * @throws UserNotFoundError, LastAdministratorError, GuessablePasswordError, ConfirmRequiredError,
   * AccessDeniedError when the actor was an administrator until a moment ago
   */
  async change(id: string, changes: PatchUser, actor: Actor): Promise<User> {
    const isSensitive = Object.keys(changes).some((name) => name !== 'displayName');
    if (isSensitive) requireConfirmed(actor);
    const known = await this.get(id);
    const { password, ...rest } = changes;
    const passwordHash =
      password === undefined
        ? undefined
        : ((await this.hashNew({ username: known.username, password }, '#/password')) ?? undefined);
    const row = await this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      await this.repository.lockAdministrators(manager);
      if (isSensitive) await this.requireStillAdministrator(actor, manager);
      const before = await this.repository.find(id, manager);
      const after = await this.repository.update(id, { ...rest, passwordHash }, manager);
      if (before === null || after === null) throw new UserNotFoundError();
      await this.requireAdministrator(manager);
      if (after.role === 'admin' && before.role !== 'admin')
        await this.followers.promote(id, manager);
      if (after.disabled || passwordHash !== undefined)
        await this.sessions.deleteAll(id, null, manager);
      const detail = describeChanges(before, after, password !== undefined);
      if (detail !== null)
        await transaction.record(accountEvent('homeserver.user.changed', after, actor, detail));
      return after;
    });
    return toUser(row);
  }

  /**
   * Their personal drive stays, and goes to who deletes them.
   * @throws UserNotFoundError, LastAdministratorError, ConfirmRequiredError, AccessDeniedError
   */
  async delete(id: string, actor: Actor): Promise<void> {
    requireConfirmed(actor);
    await this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      await this.repository.lockAdministrators(manager);
      await this.requireStillAdministrator(actor, manager);
      const row = await this.repository.find(id, manager);
      if (row === null) throw new UserNotFoundError();
      if (id !== actor.userId) await this.followers.inherit(id, actor, transaction);
      await this.repository.delete(id, manager);
      await this.requireAdministrator(manager);
      await transaction.record(accountEvent('homeserver.user.deleted', row, actor));
    });
  }

  /** What people need is made when they come; where that fails it is tried again when they sign in. */
  async welcome(row: UserRow): Promise<void> {
    try {
      await this.followers.welcome(row);
    } catch (error) {
      this.logger.error({ err: error }, `The personal drive of ${row.username} could not be made.`);
    }
  }

  /** Whether somebody of this name was here before, whose files the next one of that name would take up. */
  async hasRemains(username: string): Promise<boolean> {
    return this.followers.hasRemains(username);
  }

  /** The same for everybody, at the start. */
  async welcomeAll(): Promise<void> {
    let after = '';
    for (;;) {
      const rows = await this.repository.list(after, WELCOMED_AT_ONCE);
      for (const row of rows) await this.welcome(row);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.username;
    }
  }

  /** @throws GuessablePasswordError */
  async hashNew(
    { username, password }: Pick<Newcomer, 'username' | 'password'>,
    pointer: string,
  ): Promise<string | null> {
    if (password === null) return null;
    if (isGuessable(password, username)) throw new GuessablePasswordError(pointer);
    return this.hasher.hash(password);
  }

  /**
   * Makes a user in a transaction of the caller's, who welcomes them afterwards.
   * @throws UsernameTakenError
   */
  async insert(
    newcomer: Newcomer,
    passwordHash: string | null,
    cause: Cause | null,
    transaction: EventTransaction,
  ): Promise<UserRow> {
    const { username, role, displayName = username } = newcomer;
    const user = { id: uuid7(), username, displayName, role, passwordHash };
    const row = await this.repository.insert(user, transaction.manager);
    if (row === null) throw new UsernameTakenError(username);
    if (role === 'admin') await this.followers.promote(row.id, transaction.manager);
    await transaction.record(accountEvent('homeserver.user.created', row, cause, role));
    return row;
  }

  /**
   * While the call waited for its turn the right to it may have been taken away; it must not give it back.
   * @throws AccessDeniedError
   */
  private async requireStillAdministrator(actor: Actor, manager: EntityManager): Promise<void> {
    if (!(await this.repository.isAdministrator(actor.userId, manager)))
      throw new AccessDeniedError();
  }

  private async requireAdministrator(manager: EntityManager): Promise<void> {
    if (!(await this.repository.hasAdministrator(manager))) throw new LastAdministratorError();
  }
}

function describeChanges(before: UserRow, after: UserRow, hasNewPassword: boolean): string | null {
  const parts = [
    before.displayName === after.displayName ? [] : [`display name: ${after.displayName}`],
    before.role === after.role ? [] : [`role: ${after.role}`],
    before.disabled === after.disabled ? [] : [after.disabled ? 'disabled' : 'enabled'],
    hasNewPassword ? ['new password'] : [],
    before.quotaBytes === after.quotaBytes
      ? []
      : [after.quotaBytes === null ? 'no quota' : `quota: ${after.quotaBytes} bytes`],
  ].flat();
  return parts.length === 0 ? null : parts.join(', ');
}

/** @throws InvalidInputError */
function decodeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const username = Buffer.from(cursor, 'base64url').toString('utf8');
  if (/^[a-z0-9._-]{1,32}$/.test(username)) return username;
  throw new InvalidInputError([
    { pointer: '#/query/cursor', detail: 'This cursor is not one of ours.' },
  ]);
}

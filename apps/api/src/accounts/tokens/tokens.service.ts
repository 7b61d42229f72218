import {
  type ApiTokenPage,
  type CreatedToken,
  type CreateToken,
  SCOPES_OF_ROLE,
} from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { EventTransactions } from '../../platform/events/event-transactions';
import { DomainError, InvalidInputError } from '../../platform/http/domain-error';
import { accountEvent } from '../account-event';
import { TokenNotFoundError } from '../accounts.errors';
import { hashSecret, newSecret } from '../secret';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { TokensRepository } from './tokens.repository';

/** Tells people and secret scanners what they have found. */
export const TOKEN_PREFIX = 'hs_';
const TOKENS_EACH = 200;

@Injectable()
export class TokensService {
  constructor(
    private readonly repository: TokensRepository,
    private readonly transactions: EventTransactions,
  ) {}

  async list(actor: Actor): Promise<ApiTokenPage> {
    const rows = await this.repository.list(actor.userId);
    const items = rows.map(({ createdAt, expiresAt, lastUsedAt, ...rest }) => ({
      ...rest,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    }));
    return { items, nextCursor: null, total: items.length };
  }

  /**
   * Makes a token with scopes of the caller's role.
   * @throws ConfirmRequiredError, InvalidInputError for a scope beyond the role or an expiry in the past
   */
  async create(actor: Actor, wish: CreateToken): Promise<CreatedToken> {
    requireConfirmed(actor);
    requireFitting(actor, wish);
    if ((await this.repository.count(actor.userId)) >= TOKENS_EACH) {
      throw new DomainError(
        'accounts.too_many_tokens',
        409,
        `You have ${TOKENS_EACH} tokens. Delete those that you no longer use.`,
      );
    }
    const id = uuid7();
    const token = TOKEN_PREFIX + newSecret();
    await this.transactions.run(async ({ manager, record }) => {
      await this.repository.insert(
        {
          id,
          userId: actor.userId,
          name: wish.name,
          secretHash: hashSecret(token),
          scopes: [...new Set(wish.scopes)],
          expiresAt: wish.expiresAt === undefined ? null : new Date(wish.expiresAt),
        },
        manager,
      );
      const user = { id: actor.userId, username: actor.username };
      await record(accountEvent('homeserver.user.token_created', user, actor, wish.name));
    });
    return { id, token };
  }

  /** @throws TokenNotFoundError */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.transactions.run(async ({ manager, record }) => {
      const name = await this.repository.delete(actor.userId, id, manager);
      if (name === null) throw new TokenNotFoundError();
      const user = { id: actor.userId, username: actor.username };
      await record(accountEvent('homeserver.user.token_deleted', user, actor, name));
    });
  }
}

/** @throws InvalidInputError */
function requireFitting({ role }: Actor, { scopes, expiresAt }: CreateToken): void {
  const errors = scopes.flatMap((scope, index) =>
    SCOPES_OF_ROLE[role].includes(scope)
      ? []
      : [{ pointer: `#/scopes/${index}`, detail: 'A token cannot do more than you may yourself.' }],
  );
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now())
    errors.push({ pointer: '#/expiresAt', detail: 'A token must expire in the future.' });
  if (errors.length > 0) throw new InvalidInputError(errors);
}

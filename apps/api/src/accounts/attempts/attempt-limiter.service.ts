import { Injectable } from '@nestjs/common';

import { TooManyAttemptsError } from '../accounts.errors';
import { type AttemptLimit, AttemptsRepository } from './attempts.repository';
import { clientKey } from './client-key';

const WINDOW_SECONDS = 15 * 60;
/** Of one account by one client: enough for fat fingers, too few for guessing. */
const PER_ACCOUNT_AND_CLIENT = 10;
/** A household behind one address may share it. */
const PER_CLIENT = 30;
/** Of one account by everybody. So high that no single client can lock a person out by wrong guesses. */
const PER_ACCOUNT = 100;
/**
 * A code has a million values of which three count at a time, and whoever is asked for one knows the password
 * already: so from wherever they come, there are few wrong ones in a day (NIST SP 800-63B, section 5.2.2).
 */
const CODES_PER_ACCOUNT = 50;
const CODES_WINDOW_SECONDS = 24 * 60 * 60;

/** What is checked: each kind of secret has counts of its own. */
export type SecretKind =
  'password' | 'code' | 'setup-token' | 'api-token' | 'passkey' | 'oidc' | 'share';

export interface Attempt {
  readonly kind: SecretKind;
  /** What is attacked, such as a user name; null where a secret is looked up by itself. */
  readonly account: string | null;
  readonly clientAddress: string;
}

/**
 * The one limiter of everything that checks a secret: by account and by client, counted in the database,
 * so that it holds for all processes and over restarts.
 */
@Injectable()
export class AttemptLimiter {
  constructor(private readonly repository: AttemptsRepository) {}

  /**
   * Checks a secret, if it may still be checked. Every attempt counts until it was right.
   * @param check whether it is right
   * @throws TooManyAttemptsError (429) instead of checking, and what `check` throws, which counts as no attempt
   */
  async guard(attempt: Attempt, check: () => Promise<boolean>): Promise<boolean> {
    await this.take(attempt);
    const isRight = await check().catch(async (error: unknown) => {
      // Nothing was checked: whoever is turned away because others are many has tried nothing.
      await this.giveBack(attempt);
      throw error;
    });
    if (isRight) await this.succeed(attempt);
    return isRight;
  }

  /** Counts an attempt. @throws TooManyAttemptsError (429) */
  async take(attempt: Attempt): Promise<void> {
    for (const limit of limitsOf(attempt)) {
      const waitSeconds = await this.repository.take(limit);
      if (waitSeconds > 0) throw new TooManyAttemptsError(waitSeconds);
    }
  }

  /** An attempt was right, so it says nothing against who made it. */
  async succeed(attempt: Attempt): Promise<void> {
    for (const { key, isForgotten } of limitsOf(attempt)) {
      if (isForgotten) await this.repository.forget(key);
      else await this.repository.giveBack(key);
    }
  }

  private async giveBack(attempt: Attempt): Promise<void> {
    for (const { key } of limitsOf(attempt)) await this.repository.giveBack(key);
  }

  async deleteOver(): Promise<void> {
    await this.repository.deleteOver();
  }
}

interface Limit extends AttemptLimit {
  /** Whether being right wipes out what was wrong before. */
  readonly isForgotten: boolean;
}

/** The client first: whoever is out of attempts must not use up those of an account. */
function limitsOf({ kind, account, clientAddress }: Attempt): Limit[] {
  const client = clientKey(clientAddress);
  const ofClient = {
    key: keyOf(kind, null, client),
    count: PER_CLIENT,
    windowSeconds: WINDOW_SECONDS,
    isForgotten: false,
  };
  if (account === null) return [ofClient];
  return [
    ofClient,
    {
      key: keyOf(kind, account, client),
      count: PER_ACCOUNT_AND_CLIENT,
      windowSeconds: WINDOW_SECONDS,
      isForgotten: true,
    },
    {
      key: keyOf(kind, account, null),
      count: kind === 'code' ? CODES_PER_ACCOUNT : PER_ACCOUNT,
      windowSeconds: kind === 'code' ? CODES_WINDOW_SECONDS : WINDOW_SECONDS,
      isForgotten: false,
    },
  ];
}

/** As JSON, so that no user name that somebody thinks up is the key of another count. */
function keyOf(kind: SecretKind, account: string | null, client: string | null): string {
  return JSON.stringify([kind, account, client]);
}

import { availableParallelism } from 'node:os';

import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

import { SignInBusyError } from '../accounts.errors';
import { newSecret } from '../secret';

/**
 * Argon2id with 19 MiB and two passes: the first choice of OWASP's Password Storage Cheat Sheet. Here it
 * takes some 30 ms of a core. The library's `Algorithm` is an ambient enum; 2 is Argon2id.
 */
const OPTIONS = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
/** Hashing runs on the threads that files are read by too: some of them, and some cores, stay free. */
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));
const WAITING_AT_MOST = 200;

/** Hashes and checks passwords, a few at a time, so that many sign-ins at once slow nothing else. */
@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | null = null;

  /** @throws SignInBusyError when too many wait already */
  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFC'), OPTIONS));
  }

  /**
   * Whether it is the password of a hash. Where there is no hash, a decoy is checked in its place, so that
   * whether there is such a user does not show in the time that it takes.
   * @throws SignInBusyError when too many wait already
   */
  async verify(password: string, passwordHash: string | null): Promise<boolean> {
    const isRight = await this.inTurn(async () =>
      verify(passwordHash ?? (await this.decoyHash()), password.normalize('NFC')),
    );
    return isRight && passwordHash !== null;
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= hash(newSecret(), OPTIONS);
    return this.decoy;
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= WAITING_AT_MOST) throw new SignInBusyError();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

import { timingSafeEqual } from 'node:crypto';

import type { Setup, SetupState } from '@homeserver/dto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import { CONFIG, type Config, ConfigError } from '../../platform/config/config';
import {
  AlreadySetUpError,
  GuessablePasswordError,
  SetupTokenWrongError,
} from '../accounts.errors';
import { AttemptLimiter } from '../attempts/attempt-limiter.service';
import { hashSecret } from '../secret';
import type { UserRow } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';
import { SetupTokenFile } from './setup-token.adapter';

/** Makes the first administrator: by the page and its token, or by the environment. */
@Injectable()
export class SetupService implements OnApplicationBootstrap {
  private setupToken: string | null = null;
  /** Once there is a user there is always one, so this is asked of the database no more. */
  private isDone = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly file: SetupTokenFile,
    private readonly repository: UsersRepository,
    private readonly users: UsersService,
    private readonly limiter: AttemptLimiter,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { firstAdministrator } = this.config;
    if (firstAdministrator !== null && (await this.isNeeded())) {
      await this.createUnattended(firstAdministrator);
    }
    if (await this.isNeeded()) this.setupToken = this.file.readOrMake();
    else this.file.remove();
  }

  /** The token to show to who starts the server; null when it is set up. */
  get token(): string | null {
    return this.setupToken;
  }

  async state(): Promise<SetupState> {
    return { needed: await this.isNeeded() };
  }

  /**
   * @throws AlreadySetUpError, SetupTokenWrongError, TooManyAttemptsError, GuessablePasswordError
   */
  async setUp({ setupToken, ...user }: Setup, clientAddress: string): Promise<UserRow> {
    if (!(await this.isNeeded())) throw new AlreadySetUpError();
    const isRight = await this.limiter.guard(
      { kind: 'setup-token', account: null, clientAddress },
      async () => this.setupToken !== null && isSameToken(setupToken, this.setupToken),
    );
    if (!isRight) throw new SetupTokenWrongError();
    const row = await this.users.registerFirst(user, clientAddress);
    this.setupToken = null;
    this.file.remove();
    return row;
  }

  private async isNeeded(): Promise<boolean> {
    this.isDone ||= await this.repository.exist();
    return !this.isDone;
  }

  /** @throws ConfigError for a password that would be guessed at once */
  private async createUnattended(user: { username: string; password: string }): Promise<void> {
    try {
      await this.users.registerFirst(user, null);
    } catch (error) {
      // Another process was quicker.
      if (error instanceof AlreadySetUpError) return;
      if (!(error instanceof GuessablePasswordError)) throw error;
      throw new ConfigError(
        'ADMIN_PASSWORD is a value that it cannot take; it takes: a password that is not one of the first that others would try.',
      );
    }
  }
}

/** People may leave out the hyphens. */
function isSameToken(given: string, token: string): boolean {
  const plain = (text: string) => hashSecret(text.toLowerCase().replace(/[\s-]/g, ''));
  return timingSafeEqual(plain(given), plain(token));
}

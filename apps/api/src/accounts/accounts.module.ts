import { Global, Module } from '@nestjs/common';

import { Authentication } from '../platform/access/authentication';
import { AttemptLimiter } from './attempts/attempt-limiter.service';
import { AttemptsRepository } from './attempts/attempts.repository';
import { AuthenticationService } from './authentication.service';
import { AccountsHousekeeping } from './housekeeping.service';
import { MeController } from './me/me.controller';
import { OwnPasswordService } from './me/own-password.service';
import { PasswordHasher } from './passwords/password-hasher.adapter';
import { SessionCookies } from './sessions/session-cookies';
import { SessionsController } from './sessions/sessions.controller';
import { SessionsRepository } from './sessions/sessions.repository';
import { SessionsService } from './sessions/sessions.service';
import { SetupController } from './setup/setup.controller';
import { SetupService } from './setup/setup.service';
import { SetupTokenFile } from './setup/setup-token.adapter';
import { AuthController } from './sign-in/auth.controller';
import { Entrance } from './sign-in/entrance';
import { PasswordCheck } from './sign-in/password-check.service';
import { SecondFactor } from './sign-in/second-factor.service';
import { TokensController } from './tokens/tokens.controller';
import { TokensRepository } from './tokens/tokens.repository';
import { TokensService } from './tokens/tokens.service';
import { UserFollowers } from './users/user-followers';
import { UsersController } from './users/users.controller';
import { UsersRepository } from './users/users.repository';
import { UsersService } from './users/users.service';

/** Who there is, and how they come in. Global, because every route and socket asks it who is calling. */
@Global()
@Module({
  controllers: [
    SetupController,
    AuthController,
    MeController,
    SessionsController,
    TokensController,
    UsersController,
  ],
  providers: [
    { provide: Authentication, useClass: AuthenticationService },
    AttemptsRepository,
    AttemptLimiter,
    PasswordHasher,
    UsersRepository,
    UsersService,
    UserFollowers,
    SessionsRepository,
    SessionsService,
    SessionCookies,
    TokensRepository,
    TokensService,
    SetupTokenFile,
    SetupService,
    SecondFactor,
    PasswordCheck,
    Entrance,
    OwnPasswordService,
    AccountsHousekeeping,
  ],
  exports: [Authentication, UserFollowers, UsersService, SetupService],
})
export class AccountsModule {}

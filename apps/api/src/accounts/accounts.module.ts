import { Global, Module } from '@nestjs/common';

import { Authentication } from '../platform/access/authentication';
import { AttemptLimiter } from './attempts/attempt-limiter.service';
import { AttemptsRepository } from './attempts/attempts.repository';
import { AuthenticationService } from './authentication.service';
import { FactorEnrolment } from './factors/factor-enrolment.service';
import { FactorsController } from './factors/factors.controller';
import { FactorsRepository } from './factors/factors.repository';
import { FactorsService } from './factors/factors.service';
import { RecoveryCodesRepository } from './factors/recovery-codes.repository';
import { RecoveryCodes } from './factors/recovery-codes.service';
import { TotpRepository } from './factors/totp.repository';
import { TotpService } from './factors/totp.service';
import { AccountsHousekeeping } from './housekeeping.service';
import { IdentitiesRepository } from './identity/identities.repository';
import { Identities } from './identity/identities.service';
import { IdentityArrivals } from './identity/identity-arrivals.service';
import { IdentityDepartures } from './identity/identity-departures.service';
import { IdentityFlowCookie } from './identity/identity-flow-cookie';
import { IdentityFlow } from './identity/identity-flow.service';
import { IdentityFlowsRepository } from './identity/identity-flows.repository';
import { IdentityProvider } from './identity/identity-provider.adapter';
import { IdentityRefusals } from './identity/identity-refusals.service';
import { OidcController } from './identity/oidc.controller';
import { OwnIdentityController } from './identity/own-identity.controller';
import { MeController } from './me/me.controller';
import { OwnPasswordService } from './me/own-password.service';
import { PasskeyChallengesRepository } from './passkeys/passkey-challenges.repository';
import { PasskeyCheck } from './passkeys/passkey-check.service';
import { PasskeyRegistration } from './passkeys/passkey-registration.service';
import { PasskeySignInController } from './passkeys/passkey-sign-in.controller';
import { PasskeysController } from './passkeys/passkeys.controller';
import { PasskeysRepository } from './passkeys/passkeys.repository';
import { RelyingParties } from './passkeys/relying-parties';
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
import { SignInFailures } from './sign-in/sign-in-failures.service';
import { SignInMethodsController } from './sign-in/sign-in-methods.controller';
import { SignInMethodsService } from './sign-in/sign-in-methods.service';
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
    SignInMethodsController,
    PasskeySignInController,
    OidcController,
    MeController,
    FactorsController,
    PasskeysController,
    OwnIdentityController,
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
    TotpRepository,
    TotpService,
    RecoveryCodesRepository,
    RecoveryCodes,
    FactorsRepository,
    FactorEnrolment,
    FactorsService,
    RelyingParties,
    PasskeysRepository,
    PasskeyChallengesRepository,
    PasskeyRegistration,
    PasskeyCheck,
    IdentitiesRepository,
    IdentityProvider,
    Identities,
    IdentityFlowsRepository,
    IdentityFlowCookie,
    IdentityFlow,
    IdentityRefusals,
    IdentityDepartures,
    IdentityArrivals,
    SignInMethodsService,
    SignInFailures,
    SecondFactor,
    PasswordCheck,
    Entrance,
    OwnPasswordService,
    AccountsHousekeeping,
  ],
  exports: [Authentication, UserFollowers, UsersService, SetupService],
})
export class AccountsModule {}

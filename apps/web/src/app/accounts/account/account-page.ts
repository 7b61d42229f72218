import { ChangeDetectionStrategy, Component } from '@angular/core';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { Asking } from '../../core/sections/asking';
import { FactorChanges } from './factor-changes';
import { FactorsStore } from './factors-store';
import { IdentityNotice } from './identity-notice';
import { PasskeyMaker } from './passkey-maker';
import { ProfileCard } from './profile-card';
import { SessionsCard } from './sessions-card';
import { SessionsStore } from './sessions-store';
import { SignInCard } from './sign-in-card';
import { TokensCard } from './tokens-card';
import { TokensStore } from './tokens-store';

/** What people change of themselves: name, ways to sign in, sessions, tokens. */
@Component({
  selector: 'home-account-page',
  imports: [IdentityNotice, ProfileCard, SessionsCard, SignInCard, TokensCard],
  providers: [
    Asking,
    Dialogs,
    FactorChanges,
    FactorsStore,
    Notices,
    PasskeyMaker,
    SessionsStore,
    TokensStore,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h1>Account</h1>
    <home-identity-notice />
    <div class="column">
      <home-profile-card />
      <home-sign-in-card />
    </div>
    <div class="column">
      <home-sessions-card />
      <home-tokens-card />
    </div>
  `,
  styleUrl: './account-page.scss',
})
export class AccountPage {}

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import type { SignInMethods } from '@homeserver/dto';
import { Button, Icon, ProblemLine } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { Arrival } from '../../core/arrival';
import { describeProblem, type ProblemView } from '../../core/problem';
import { Passkeys } from '../../core/proof/passkeys';
import { returnPath } from '../../core/return-path';
import { providerAddress, SessionApi } from '../../core/session-api';
import { SessionStore } from '../../core/session-store';
import { EntryFrame } from '../entry/entry-frame';
import { PasskeyEntry } from './passkey-entry';
import { PasswordEntry } from './password-entry';
import { refusalWords } from './refusal-words';

/** Where people say who they are: by password and code, by a passkey alone, or by their identity provider. */
@Component({
  selector: 'home-sign-in-page',
  imports: [Button, EntryFrame, Icon, PasskeyEntry, PasswordEntry, ProblemLine],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sign-in-page.html',
  styleUrl: './sign-in-page.scss',
})
export class SignInPage {
  /** Of the address, as all that follows a `?`. */
  readonly returnTo = input<string>();
  readonly problem = input<string>();

  protected readonly methods = signal<SignInMethods | null>(null);
  protected readonly failure = signal<ProblemView | null>(null);
  protected readonly path = computed(() => returnPath(this.returnTo()));
  protected readonly refusal = computed(() => refusalWords(this.problem()));
  /** Whether somebody was signed in until now. */
  protected readonly wasSignedIn = inject(SessionStore).formerUser() !== null;
  protected readonly provider = computed(() => {
    const provider = this.methods()?.oidc ?? null;
    return provider && { name: provider.name, address: providerAddress(this.path()) };
  });
  /** Why there is no passkey; null where there is, or where it is not known yet. */
  protected readonly passkeyObstacle = computed(() => {
    const passkeys = this.methods()?.passkeys ?? null;
    if (passkeys === null) return null;
    return passkeys.available ? this.passkeys.obstacle : (passkeys.reason ?? NO_PASSKEYS);
  });

  private readonly api = inject(SessionApi);
  private readonly passkeys = inject(Passkeys);
  private readonly arrival = inject(Arrival);

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    this.failure.set(null);
    try {
      this.methods.set(await firstValueFrom(this.api.methods()));
    } catch (error) {
      this.failure.set(describeProblem(error));
    }
  }

  protected async arrive(): Promise<void> {
    await this.arrival.goTo(this.path());
  }
}

const NO_PASSKEYS = 'Passkeys are not set up on this server.';

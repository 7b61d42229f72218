import { HttpErrorResponse } from '@angular/common/http';
import { computed, inject, Injectable, signal } from '@angular/core';
import {
  type PasskeySignIn,
  type Scope,
  SCOPES_OF_ROLE,
  type Setup,
  type SignIn,
  type User,
} from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { describeProblem, type ProblemView } from './problem';
import { SessionApi } from './session-api';

/** Who is signed in in this browser, and what they may do. */
@Injectable({ providedIn: 'root' })
export class SessionStore {
  private readonly api = inject(SessionApi);
  private readonly known = signal<User | null | undefined>(undefined);
  private readonly failure = signal<ProblemView | null>(null);

  /** undefined until it is known; null when nobody is signed in. */
  readonly user = this.known.asReadonly();
  /** Why it is not known; null when the last try to load it did not fail. */
  readonly problem = this.failure.asReadonly();
  readonly isAdmin = computed(() => this.known()?.role === 'admin');

  /** Whether the role of the person allows it; on which drives is a matter of grants. */
  can(scope: Scope): boolean {
    const user = this.known();
    return user ? SCOPES_OF_ROLE[user.role].includes(scope) : false;
  }

  /** Asks the server who is signed in. Never rejects: what went wrong is in `problem`. */
  async load(): Promise<void> {
    try {
      this.known.set(await firstValueFrom(this.api.me()));
      this.failure.set(null);
    } catch (error) {
      const isNobody = error instanceof HttpErrorResponse && error.status === 401;
      if (isNobody) this.known.set(null);
      this.failure.set(isNobody ? null : describeProblem(error));
    }
  }

  /** @throws HttpErrorResponse 401 `accounts.wrong_credentials`, `accounts.code_required`, `accounts.code_wrong`, 429 */
  async signIn(signIn: SignIn): Promise<void> {
    const { user } = await firstValueFrom(this.api.signIn(signIn));
    this.known.set(user);
  }

  /** @throws HttpErrorResponse 401 `accounts.passkey_refused` */
  async signInWithPasskey(passkey: PasskeySignIn): Promise<void> {
    const { user } = await firstValueFrom(this.api.signInWithPasskey(passkey));
    this.known.set(user);
  }

  /** @throws HttpErrorResponse 403 `accounts.setup_token_wrong`, 409 `accounts.already_set_up`, 422, 429 */
  async setUp(setup: Setup): Promise<void> {
    const { user } = await firstValueFrom(this.api.setUp(setup));
    this.known.set(user);
  }

  /** @throws HttpErrorResponse when the server could not end the session */
  async signOut(): Promise<void> {
    await firstValueFrom(this.api.signOut());
    this.known.set(null);
  }

  /** Takes in what the person has changed of themselves. */
  update(user: User): void {
    this.known.set(user);
  }

  /** The session has ended elsewhere. */
  forget(): void {
    this.known.set(null);
  }
}

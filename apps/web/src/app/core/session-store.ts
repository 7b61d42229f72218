import { HttpErrorResponse } from '@angular/common/http';
import { computed, DestroyRef, inject, Injectable, Injector, signal } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import {
  type PasskeySignIn,
  type Scope,
  SCOPES_OF_ROLE,
  type Setup,
  type SignIn,
  type User,
} from '@homeserver/dto';
import { filter, firstValueFrom } from 'rxjs';

import { PageOpener } from './page-opener';
import { describeProblem, type ProblemView } from './problem';
import { SessionApi } from './session-api';

const RETRY_MS = 5000;

/** Who is signed in in this browser, and what they may do. */
@Injectable({ providedIn: 'root' })
export class SessionStore {
  private readonly api = inject(SessionApi);
  private readonly opener = inject(PageOpener);
  private readonly injector = inject(Injector);
  private readonly known = signal<User | null | undefined>(undefined);
  private readonly former = signal<User | null>(null);
  private readonly setup = signal(false);
  private readonly failure = signal<ProblemView | null>(null);
  private firstLoad: Promise<void> | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  /** undefined until it is known; null when nobody is signed in. */
  readonly user = this.known.asReadonly();
  /** Whose session has ended under this page; null when none has. */
  readonly formerUser = this.former.asReadonly();
  /** Whether the first administrator is still to be made. */
  readonly needsSetup = this.setup.asReadonly();
  /** Why it is not known who is signed in; null when the last try to load it did not fail. */
  readonly problem = this.failure.asReadonly();
  /** Whether the server was asked and has answered, or could not. */
  readonly isSettled = computed(() => this.known() !== undefined || this.failure() !== null);
  readonly isAdmin = computed(() => this.known()?.role === 'admin');

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.retryTimer));
  }

  /** Whether the role of the person allows it; on which drives is a matter of grants. */
  can(scope: Scope): boolean {
    const user = this.known();
    return user ? SCOPES_OF_ROLE[user.role].includes(scope) : false;
  }

  /** Resolves when the server was asked once. What went wrong is in `problem`. */
  ready(): Promise<void> {
    return (this.firstLoad ??= this.load());
  }

  /** Asks the server who is signed in, and again while it cannot tell. Never rejects: what went wrong is in `problem`. */
  async load(): Promise<void> {
    clearTimeout(this.retryTimer);
    try {
      this.known.set(await this.ask());
      this.failure.set(null);
    } catch (error) {
      this.failure.set(describeProblem(error));
      if (this.known() === undefined)
        this.retryTimer = setTimeout(() => void this.load(), RETRY_MS);
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
    try {
      const { user } = await firstValueFrom(this.api.setUp(setup));
      this.known.set(user);
      this.setup.set(false);
    } catch (error) {
      // Somebody else was quicker.
      if (describeProblem(error).code === 'accounts.already_set_up') this.setup.set(false);
      throw error;
    }
  }

  /**
   * Ends the session and loads the app anew.
   * @throws HttpErrorResponse when the server could not end it
   */
  async signOut(): Promise<void> {
    try {
      await firstValueFrom(this.api.signOut());
    } catch (error) {
      // It had ended already.
      if (describeProblem(error).code !== 'accounts.sign_in_required') throw error;
    }
    this.opener.open('/sign-in');
  }

  /** Resolves when somebody is signed in. */
  async untilSignedIn(): Promise<void> {
    const users = toObservable(this.known, { injector: this.injector });
    await firstValueFrom(users.pipe(filter(Boolean)));
  }

  /** Takes in what the person has changed of themselves. */
  update(user: User): void {
    this.known.set(user);
  }

  /** The session has ended elsewhere. */
  forget(): void {
    this.former.set(this.known() ?? null);
    this.known.set(null);
  }

  private async ask(): Promise<User | null> {
    try {
      return await firstValueFrom(this.api.me());
    } catch (error) {
      if (!(error instanceof HttpErrorResponse) || error.status !== 401) throw error;
      const { needed } = await firstValueFrom(this.api.setupState());
      this.setup.set(needed);
      return null;
    }
  }
}

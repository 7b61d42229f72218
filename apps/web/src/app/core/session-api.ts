import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  PasskeyChallenge,
  PasskeySignIn,
  Setup,
  SetupState,
  SignedIn,
  SignIn,
  SignInMethods,
  User,
} from '@homeserver/dto';
import type { Observable } from 'rxjs';

/** Who is signed in here, and the ways in and out. */
@Injectable({ providedIn: 'root' })
export class SessionApi {
  private readonly http = inject(HttpClient);

  /** 401 where nobody is signed in. */
  me(): Observable<User> {
    return this.http.get<User>('/api/v1/me');
  }

  setupState(): Observable<SetupState> {
    return this.http.get<SetupState>('/api/v1/setup');
  }

  setUp(setup: Setup): Observable<SignedIn> {
    return this.http.post<SignedIn>('/api/v1/setup', setup);
  }

  methods(): Observable<SignInMethods> {
    return this.http.get<SignInMethods>('/api/v1/auth/methods');
  }

  signIn(signIn: SignIn): Observable<SignedIn> {
    return this.http.post<SignedIn>('/api/v1/auth/sign-in', signIn);
  }

  passkeyOptions(): Observable<PasskeyChallenge> {
    return this.http.post<PasskeyChallenge>('/api/v1/auth/passkey/options', {});
  }

  signInWithPasskey(passkey: PasskeySignIn): Observable<SignedIn> {
    return this.http.post<SignedIn>('/api/v1/auth/passkey', passkey);
  }

  signOut(): Observable<unknown> {
    return this.http.post('/api/v1/auth/sign-out', {});
  }
}

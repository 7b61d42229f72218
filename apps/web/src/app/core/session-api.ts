import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  FactorList,
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

/** Tells who is signed in. */
export const ME = '/api/v1/me';
const AUTH = '/api/v1/auth';

/** A password, and the code of a second factor where one is due. */
export type Proof = Omit<SignIn, 'username'>;

/** Who is signed in here, the ways in and out, and the proof that it is still the same person. */
@Injectable({ providedIn: 'root' })
export class SessionApi {
  private readonly http = inject(HttpClient);

  /** 401 where nobody is signed in. */
  me(): Observable<User> {
    return this.http.get<User>(ME);
  }

  setupState(): Observable<SetupState> {
    return this.http.get<SetupState>('/api/v1/setup');
  }

  setUp(setup: Setup): Observable<SignedIn> {
    return this.http.post<SignedIn>('/api/v1/setup', setup);
  }

  methods(): Observable<SignInMethods> {
    return this.http.get<SignInMethods>(`${AUTH}/methods`);
  }

  signIn(signIn: SignIn): Observable<SignedIn> {
    return this.http.post<SignedIn>(`${AUTH}/sign-in`, signIn);
  }

  passkeyOptions(): Observable<PasskeyChallenge> {
    return this.http.post<PasskeyChallenge>(`${AUTH}/passkey/options`, {});
  }

  signInWithPasskey(passkey: PasskeySignIn): Observable<SignedIn> {
    return this.http.post<SignedIn>(`${AUTH}/passkey`, passkey);
  }

  signOut(): Observable<unknown> {
    return this.http.post(`${AUTH}/sign-out`, {});
  }

  /** What the person who is signed in can prove themselves with. */
  factors(): Observable<FactorList> {
    return this.http.get<FactorList>(`${ME}/factors`);
  }

  confirm(proof: Proof): Observable<unknown> {
    return this.http.post(`${AUTH}/confirm`, proof);
  }

  confirmWithPasskey(passkey: PasskeySignIn): Observable<unknown> {
    return this.http.post(`${AUTH}/confirm/passkey`, passkey);
  }
}

/** The page of the identity provider, to be led to by a plain link: it comes back to `returnTo`. */
export function providerAddress(returnTo: string): string {
  return `${AUTH}/oidc?${new URLSearchParams({ returnTo }).toString()}`;
}

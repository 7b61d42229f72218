import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  AddedFactor,
  CreatePasskey,
  FactorList,
  PasskeyChallenge,
  RecoveryCodes,
  TotpSetup,
} from '@homeserver/dto';
import type { Observable } from 'rxjs';

const FACTORS = '/api/v1/me/factors';

/** The page to be led to in order to link the account with the identity provider: no call, a plain link. */
export const IDENTITY_LINK = '/api/v1/me/identity/link?returnTo=/account';

/** Second factors, passkeys, recovery codes and the identity provider of the person who is signed in. */
@Injectable({ providedIn: 'root' })
export class FactorsApi {
  private readonly http = inject(HttpClient);

  list(): Observable<FactorList> {
    return this.http.get<FactorList>(FACTORS);
  }

  requireAtSignIn(isRequired: boolean): Observable<FactorList> {
    return this.http.patch<FactorList>(FACTORS, { requiredAtSignIn: isRequired });
  }

  delete(id: string): Observable<unknown> {
    return this.http.delete(`${FACTORS}/${id}`);
  }

  /** The secret of an authenticator app, which counts from `confirmTotp` on. */
  beginTotp(): Observable<TotpSetup> {
    return this.http.post<TotpSetup>(`${FACTORS}/totp`, {});
  }

  /** 422 `accounts.code_wrong`. */
  confirmTotp(code: string): Observable<AddedFactor> {
    return this.http.post<AddedFactor>(`${FACTORS}/totp/confirm`, { code });
  }

  passkeyOptions(): Observable<PasskeyChallenge> {
    return this.http.post<PasskeyChallenge>(`${FACTORS}/passkeys/options`, {});
  }

  createPasskey(passkey: CreatePasskey): Observable<AddedFactor> {
    return this.http.post<AddedFactor>(`${FACTORS}/passkeys`, passkey);
  }

  /** The former ones are void. */
  makeRecoveryCodes(): Observable<RecoveryCodes> {
    return this.http.post<RecoveryCodes>(`${FACTORS}/recovery-codes`, {});
  }

  /** 409 `accounts.last_way_in` where there is no other way to sign in. */
  unlinkIdentity(): Observable<unknown> {
    return this.http.delete('/api/v1/me/identity');
  }
}

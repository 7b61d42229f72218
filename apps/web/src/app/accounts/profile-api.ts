import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  ApiTokenPage,
  ChangePassword,
  CreatedToken,
  CreateToken,
  PatchMe,
  SessionPage,
  User,
} from '@homeserver/dto';
import { MAXIMUM_PAGE_LIMIT } from '@homeserver/dto';
import type { Observable } from 'rxjs';

const ME = '/api/v1/me';

/**
 * What people change of themselves. All but the name needs a sign-in that is fresh: 403
 * `accounts.confirm_required` is answered by the frame, which asks and repeats the call.
 */
@Injectable({ providedIn: 'root' })
export class ProfileApi {
  private readonly http = inject(HttpClient);

  change(change: PatchMe): Observable<User> {
    return this.http.patch<User>(ME, change);
  }

  /** Ends all other sessions. 403 `accounts.wrong_password`. */
  changePassword(change: ChangePassword): Observable<unknown> {
    return this.http.put(`${ME}/password`, change);
  }

  sessions(cursor: string | null): Observable<SessionPage> {
    return this.http.get<SessionPage>(`${ME}/sessions`, { params: pageParams(cursor) });
  }

  endSession(id: string): Observable<unknown> {
    return this.http.delete(`${ME}/sessions/${id}`);
  }

  endOtherSessions(): Observable<unknown> {
    return this.http.delete(`${ME}/sessions`);
  }

  tokens(cursor: string | null): Observable<ApiTokenPage> {
    return this.http.get<ApiTokenPage>(`${ME}/tokens`, { params: pageParams(cursor) });
  }

  createToken(token: CreateToken): Observable<CreatedToken> {
    return this.http.post<CreatedToken>(`${ME}/tokens`, token);
  }

  deleteToken(id: string): Observable<unknown> {
    return this.http.delete(`${ME}/tokens/${id}`);
  }
}

function pageParams(cursor: string | null): Record<string, string | number> {
  return cursor === null ? { limit: MAXIMUM_PAGE_LIMIT } : { limit: MAXIMUM_PAGE_LIMIT, cursor };
}

import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import {
  type CreateUser,
  MAXIMUM_PAGE_LIMIT,
  type PatchUser,
  type User,
  type UserPage,
} from '@homeserver/dto';
import type { Observable } from 'rxjs';

const USERS = '/api/v1/users';

/** Everybody who may sign in; for administrators. */
@Injectable({ providedIn: 'root' })
export class UsersApi {
  private readonly http = inject(HttpClient);

  list(cursor: string | null): Observable<UserPage> {
    const params = { limit: MAXIMUM_PAGE_LIMIT, ...(cursor === null ? {} : { cursor }) };
    return this.http.get<UserPage>(USERS, { params });
  }

  /** 409 `accounts.username_taken`. */
  create(user: CreateUser): Observable<User> {
    return this.http.post<User>(USERS, user);
  }

  /** 409 `accounts.last_administrator`. */
  change(id: string, change: PatchUser): Observable<User> {
    return this.http.patch<User>(`${USERS}/${id}`, change);
  }

  /** 409 `accounts.last_administrator`. */
  delete(id: string): Observable<unknown> {
    return this.http.delete(`${USERS}/${id}`);
  }
}

import { inject, Injectable } from '@angular/core';
import type { ApiToken, CreateToken } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { allPages } from '../../core/forms/all-pages';
import { Loadable } from '../../core/forms/loadable';
import { ProfileApi } from '../profile-api';

/** The API tokens of the person. */
@Injectable()
export class TokensStore {
  readonly list = new Loadable<readonly ApiToken[]>(() =>
    allPages((cursor) => this.api.tokens(cursor)),
  );

  private readonly api = inject(ProfileApi);

  constructor() {
    void this.list.load();
  }

  /**
   * @returns the secret, which is never to be had again
   * @throws HttpErrorResponse 403, 422
   */
  async create(token: CreateToken): Promise<string> {
    const created = await firstValueFrom(this.api.createToken(token));
    void this.list.load();
    return created.token;
  }

  /** @throws HttpErrorResponse 403, 404 */
  async delete(id: string): Promise<void> {
    await firstValueFrom(this.api.deleteToken(id));
    this.list.update((tokens) => tokens.filter((token) => token.id !== id));
  }
}

import { computed, inject, Injectable } from '@angular/core';
import type { FactorList } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { FactorsApi } from '../factors-api';
import { Loadable } from '../../core/forms/loadable';

/** How the person signs in: password, authenticator app, passkeys, recovery codes, identity provider. */
@Injectable()
export class FactorsStore {
  readonly list = new Loadable<FactorList>(() => firstValueFrom(this.api.list()));
  readonly authenticator = computed(
    () => this.list.value()?.items.find((factor) => factor.kind === 'totp') ?? null,
  );
  readonly passkeys = computed(
    () => this.list.value()?.items.filter((factor) => factor.kind === 'passkey') ?? [],
  );

  private readonly api = inject(FactorsApi);

  constructor() {
    void this.list.load();
  }

  /** @throws HttpErrorResponse 403, 404 */
  async delete(id: string): Promise<void> {
    await firstValueFrom(this.api.delete(id));
    // What else it changes, such as the recovery codes, the server knows.
    await this.list.load();
  }

  /** @throws HttpErrorResponse 403 */
  async requireAtSignIn(isRequired: boolean): Promise<void> {
    this.list.set(await firstValueFrom(this.api.requireAtSignIn(isRequired)));
  }

  /** @throws HttpErrorResponse 409 `accounts.last_way_in` */
  async unlinkIdentity(): Promise<void> {
    await firstValueFrom(this.api.unlinkIdentity());
    await this.list.load();
  }
}

import { ChangeDetectionStrategy, Component, computed, inject, viewChild } from '@angular/core';
import type { Factor } from '@homeserver/dto';
import { Button, countOf, formatDay, Icon, Switch } from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { IDENTITY_LINK } from '../factors-api';
import { agoText } from '../../core/ago';
import { SectionCard } from '../../core/sections/section-card';
import { SectionWaiting } from '../../core/sections/section-waiting';
import { FactorChanges } from './factor-changes';
import { FactorsStore } from './factors-store';
import { PasskeyMaker } from './passkey-maker';
import { SessionsStore } from './sessions-store';

/** When so few are left, it is time to make new ones. */
const FEW_CODES = 2;

/** Password, authenticator app, passkeys, recovery codes and the identity provider of the person. */
@Component({
  selector: 'home-sign-in-card',
  imports: [Button, Icon, SectionCard, SectionWaiting, Switch],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sign-in-card.html',
  styleUrl: './sign-in-card.scss',
})
export class SignInCard {
  protected readonly store = inject(FactorsStore);
  protected readonly changes = inject(FactorChanges);
  protected readonly list = this.store.list.value;
  protected readonly linkAddress = IDENTITY_LINK;
  protected readonly authenticator = computed(() => {
    const factor = this.store.authenticator();
    return factor === null ? null : { factor, about: this.aboutFactor(factor) };
  });
  protected readonly passkeys = computed(() =>
    this.store.passkeys().map((factor) => ({ factor, about: this.aboutFactor(factor) })),
  );
  protected readonly whyNoPasskeys = computed(() => {
    const list = this.list();
    return list === null ? null : this.makers.whyNot(list.passkeys);
  });
  protected readonly codesText = computed(() => {
    const left = this.list()?.recoveryCodesLeft ?? 0;
    return left === 0 ? 'None left' : `${countOf(left, 'code')} left`;
  });
  protected readonly hasFewCodes = computed(
    () => (this.list()?.recoveryCodesLeft ?? 0) <= FEW_CODES,
  );

  private readonly card = viewChild.required(SectionCard);
  private readonly clock = inject(Clock);
  private readonly makers = inject(PasskeyMaker);
  private readonly sessions = inject(SessionsStore);

  protected async changePassword(hasPassword: boolean): Promise<void> {
    if (await this.changes.changePassword(hasPassword)) await this.sessions.list.load();
  }

  protected retry(): Promise<void> {
    return this.do(this.store.list.retry());
  }

  /** After each change the keyboard stays in the card: the button that was pressed may be gone. */
  protected async do(change: Promise<void>): Promise<void> {
    await change;
    this.card().keepFocus();
  }

  private aboutFactor(factor: Factor): string {
    const now = this.clock.now();
    const added = `Added ${formatDay(new Date(factor.createdAt), now)}`;
    if (factor.lastUsedAt === null) return `${added} · never used yet`;
    return `${added} · last used ${agoText(factor.lastUsedAt, now)}`;
  }
}

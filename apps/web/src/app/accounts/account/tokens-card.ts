import { ChangeDetectionStrategy, Component, computed, inject, viewChild } from '@angular/core';
import type { ApiToken } from '@homeserver/dto';
import { Button, formatDay, Icon } from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { Dialogs } from '../../core/dialog/dialogs';
import { agoText } from '../../core/ago';
import { Asking } from '../../core/sections/asking';
import { SectionCard } from '../../core/sections/section-card';
import { SectionWaiting } from '../../core/sections/section-waiting';
import { SCOPE_WORDS } from './token-choices';
import { TokenDialog } from './token-dialog';
import { TokensStore } from './tokens-store';

interface TokenLine {
  readonly token: ApiToken;
  readonly may: string;
  readonly about: string;
  readonly isExpired: boolean;
}

/** The keys of the person's own scripts and programs. */
@Component({
  selector: 'home-tokens-card',
  imports: [Button, Icon, SectionCard, SectionWaiting],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './tokens-card.html',
  styleUrl: './tokens-card.scss',
})
export class TokensCard {
  protected readonly store = inject(TokensStore);
  protected readonly lines = computed(() => {
    const now = this.clock.now();
    return this.store.list.value()?.map((token) => lineOf(token, now)) ?? null;
  });

  private readonly card = viewChild.required(SectionCard);
  private readonly clock = inject(Clock);
  private readonly dialogs = inject(Dialogs);
  private readonly asking = inject(Asking);

  protected async create(): Promise<void> {
    await this.dialogs.open(TokenDialog);
  }

  protected async delete({ token }: TokenLine): Promise<void> {
    const question = {
      heading: `Delete the token “${token.name}”?`,
      text: 'What uses it is refused from now on. It cannot be brought back.',
      consent: 'Delete',
    };
    const act = () => this.store.delete(token.id);
    await this.asking.askAndDo(question, act, `The token “${token.name}” was deleted.`);
    this.card().keepFocus();
  }

  protected async retry(): Promise<void> {
    await this.store.list.retry();
    this.card().keepFocus();
  }
}

function lineOf(token: ApiToken, now: Date): TokenLine {
  const { lastUsedAt, expiresAt, scopes } = token;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
  const used = lastUsedAt === null ? 'never used yet' : `last used ${agoText(lastUsedAt, now)}`;
  return {
    token,
    may: scopes.map((scope) => SCOPE_WORDS[scope].label).join(', '),
    about: `${used} · ${endText(expiresAt, isExpired, now)}`,
    isExpired,
  };
}

function endText(expiresAt: string | null, isExpired: boolean, now: Date): string {
  if (expiresAt === null) return 'never ends';
  const day = formatDay(new Date(expiresAt), now);
  return isExpired ? `ended ${day}` : `ends ${day}`;
}

import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import type { Session } from '@homeserver/dto';
import { Button, formatDateTime, Icon, type IconName } from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { agoText } from '../../core/ago';
import { Asking } from '../../core/sections/asking';
import { SectionCard } from '../../core/sections/section-card';
import { SectionWaiting } from '../../core/sections/section-waiting';
import { deviceOf } from './device';
import { SessionsStore } from './sessions-store';

const IN_SIGHT = 5;

interface SessionLine {
  readonly session: Session;
  readonly name: string;
  readonly icon: IconName;
  readonly about: string;
  /** What the browser says of itself, and since when. */
  readonly title: string;
}

/** Where the person is signed in, and the way to end it there. */
@Component({
  selector: 'home-sessions-card',
  imports: [Button, Icon, SectionCard, SectionWaiting],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sessions-card.html',
  styleUrl: './sessions-card.scss',
})
export class SessionsCard {
  protected readonly store = inject(SessionsStore);
  protected readonly lines = computed(() => {
    const now = this.clock.now();
    return this.store.list.value()?.map((session) => lineOf(session, now)) ?? null;
  });

  protected readonly inSight = IN_SIGHT;
  /** Whether all of them are in sight. */
  protected readonly isOpen = signal(false);

  private readonly card = viewChild.required(SectionCard);
  private readonly clock = inject(Clock);
  private readonly asking = inject(Asking);

  protected showAll(): void {
    this.isOpen.set(true);
    this.card().keepFocus();
  }

  protected async retry(): Promise<void> {
    await this.store.list.retry();
    this.card().keepFocus();
  }

  protected async end({ session, name }: SessionLine): Promise<void> {
    const end = () => this.store.end(session.id);
    await this.asking.do(end, `${name} is signed out.`);
    this.card().keepFocus();
  }

  protected async endOthers(): Promise<void> {
    const question = {
      heading: 'Sign out everywhere else?',
      text: 'Every other browser needs your password again. Tokens of programs keep working.',
      consent: 'Sign out',
    };
    const end = () => this.store.endOthers();
    await this.asking.askAndDo(question, end, 'Every other browser is signed out.');
    this.card().keepFocus();
  }
}

function lineOf(session: Session, now: Date): SessionLine {
  const { name, icon } = deviceOf(session.userAgent);
  const seen = session.isCurrent ? 'active now' : `last seen ${agoText(session.lastSeenAt, now)}`;
  const since = formatDateTime(new Date(session.createdAt));
  return {
    session,
    name,
    icon,
    about: `${session.clientAddress} · ${seen}`,
    title: `Since ${since} · ${session.userAgent}`,
  };
}

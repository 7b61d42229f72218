import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  Injector,
  signal,
  viewChildren,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { setupSchema } from '@homeserver/dto';
import { Button, ProblemLine, TextField } from '@homeserver/ui';

import { Arrival } from '../../core/arrival';
import { blockedUntil } from '../../core/proof/proof-form';
import { RetryWait } from '../../core/proof/retry-wait';
import { SessionStore } from '../../core/session-store';
import { EntryFrame } from '../entry/entry-frame';
import { focusFault } from '../../core/forms/focus-fault';
import { Submission } from '../../core/forms/submission';
import { passwordWords } from './password-length';

/** Makes the first administrator, for whoever has the token that the server has printed. */
@Component({
  selector: 'home-setup-page',
  imports: [Button, EntryFrame, ProblemLine, RetryWait, RouterLink, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './setup-page.html',
  styleUrl: './setup-page.scss',
})
export class SetupPage {
  protected readonly setupToken = signal('');
  protected readonly username = signal('');
  protected readonly password = signal('');
  protected readonly passwordHint = computed(() => passwordWords(this.password()));
  protected readonly blockedUntil = signal<number | null>(null);
  protected readonly submission = new Submission(['#/setupToken', '#/username', '#/password'], {
    'accounts.setup_token_wrong': '#/setupToken',
  });
  protected readonly isSetUp = computed(
    () => this.submission.problem()?.code === 'accounts.already_set_up',
  );

  private readonly session = inject(SessionStore);
  private readonly arrival = inject(Arrival);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected async setUp(event: Event): Promise<void> {
    event.preventDefault();
    const faults = this.faultsBefore();
    this.blockedUntil.set(null);
    if (faults.size > 0) this.submission.refuse(faults);
    else if (await this.submission.run(() => this.send())) {
      await this.arrival.goTo('/');
      return;
    }
    focusFault(this.fields, this.injector);
  }

  private wanted() {
    return {
      setupToken: this.setupToken(),
      username: this.username(),
      password: this.password(),
    };
  }

  /** What the server would refuse anyway, told without asking it. */
  private faultsBefore(): ReadonlyMap<string, string> {
    const faults = new Map<string, string>();
    if (this.setupToken().trim() === '') faults.set('#/setupToken', 'Give the set-up token.');
    for (const { path, message } of setupSchema.safeParse(this.wanted()).error?.issues ?? []) {
      const pointer = `#/${path.join('/')}`;
      if (!faults.has(pointer)) faults.set(pointer, message);
    }
    return faults;
  }

  private async send(): Promise<void> {
    try {
      await this.session.setUp(this.wanted());
    } catch (error) {
      this.blockedUntil.set(blockedUntil(error));
      throw error;
    }
  }
}

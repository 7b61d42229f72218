import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  linkedSignal,
  viewChild,
} from '@angular/core';
import { Button, ProblemLine, ProgressBar, TextField } from '@homeserver/ui';
import { firstValueFrom } from 'rxjs';

import { Notices } from '../../core/notices';
import { SessionStore } from '../../core/session-store';
import { Submission } from '../../core/forms/submission';
import { PersonMark } from '../people/person-mark';
import { ROLE_NAMES } from '../people/role-words';
import { ProfileApi } from '../profile-api';
import { quotaShare, quotaText, quotaTone } from '../users/quota-words';

/** Who the person is here: the name that others see, the user name, the role. */
@Component({
  selector: 'home-profile-card',
  imports: [Button, PersonMark, ProblemLine, ProgressBar, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './profile-card.html',
  styleUrl: './profile-card.scss',
  host: { class: 'card' },
})
export class ProfileCard {
  protected readonly user = computed(() => this.session.user() ?? null);
  protected readonly role = computed(() => ROLE_NAMES[this.user()?.role ?? 'guest']);
  protected readonly uploaded = computed(() => {
    const user = this.user();
    return user === null ? '' : quotaText(user);
  });
  /** null where there is no quota. */
  protected readonly share = computed(() => {
    const user = this.user();
    return user === null ? null : quotaShare(user);
  });
  protected readonly tone = computed(() => {
    const user = this.user();
    return user === null ? 'accent' : quotaTone(user);
  });
  private readonly savedName = computed(() => this.user()?.displayName ?? '');
  /** What is typed stays when something else of the account is news. */
  protected readonly name = linkedSignal(this.savedName);
  protected readonly isChanged = computed(() => this.name().trim() !== this.savedName());
  protected readonly submission = new Submission(['#/displayName']);

  private readonly field = viewChild(TextField);
  private readonly session = inject(SessionStore);
  private readonly api = inject(ProfileApi);
  private readonly notices = inject(Notices);

  constructor() {
    // What was uploaded since the sign-in counts, too.
    void this.session.load();
  }

  protected async save(): Promise<void> {
    if (!this.isChanged()) return;
    const isSaved = await this.submission.run(async () => {
      this.session.update(await firstValueFrom(this.api.change({ displayName: this.name() })));
    });
    if (isSaved) this.notices.say('Your name was changed.');
    else this.field()?.focus();
  }
}

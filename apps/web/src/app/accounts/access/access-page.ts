import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Access, User } from '@homeserver/dto';
import { Button, type Choice, Icon, SelectField } from '@homeserver/ui';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import type { AnyDrive } from '../grants-api';
import { PersonMark } from '../people/person-mark';
import { Asking } from '../sections/asking';
import { PageWaiting } from '../sections/page-waiting';
import { AccessStore } from './access-store';
import { ACCESS_CHOICES, accessFrom, accessWords } from './access-words';

interface Group {
  readonly name: string;
  readonly drives: readonly AnyDrive[];
}

/** Who may read or change what: drives down, people across; on a phone the people of each drive. */
@Component({
  selector: 'home-access-page',
  imports: [Button, Icon, PageWaiting, PersonMark, RouterLink, SelectField],
  providers: [AccessStore, Asking, Dialogs, Notices],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './access-page.html',
  styleUrl: './access-page.scss',
})
export class AccessPage {
  protected readonly store = inject(AccessStore);
  protected readonly choices: readonly Choice[] = ACCESS_CHOICES;
  protected readonly users = computed(() => this.store.matrix.value()?.users ?? null);
  protected readonly groups = computed<readonly Group[]>(() =>
    [
      { name: 'Shared drives', drives: this.store.shared() },
      { name: 'Personal drives', drives: this.store.personal() },
    ].filter((group) => group.drives.length > 0),
  );

  private readonly asking = inject(Asking);
  private readonly notices = inject(Notices);

  protected accessOf(drive: AnyDrive, user: User): Access {
    return this.store.accessOf({ driveId: drive.id, userId: user.id });
  }

  protected async choose(drive: AnyDrive, user: User, wanted: string): Promise<void> {
    const before = this.accessOf(drive, user);
    const access = accessFrom(wanted);
    if (access === before || !(await this.change(drive, user, access))) return;
    const words = accessWords(user.displayName, drive.name, access);
    this.notices.offerUndo(words, () => void this.change(drive, user, before));
  }

  private change(drive: AnyDrive, user: User, access: Access): Promise<boolean> {
    const place = { driveId: drive.id, userId: user.id };
    return this.asking.do(() => this.store.change(place, access), null);
  }
}

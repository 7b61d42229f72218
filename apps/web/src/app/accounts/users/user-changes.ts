import { inject, Injectable } from '@angular/core';
import type { Role, User } from '@homeserver/dto';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { SessionStore } from '../../core/session-store';
import { ROLE_NAMES } from '../people/role-words';
import { Asking } from '../../core/sections/asking';
import { NewUserDialog } from './new-user-dialog';
import { QuotaDialog } from './quota-dialog';
import { ResetPasswordDialog } from './reset-password-dialog';
import { UsersStore } from './users-store';

/** What administrators do about people. Nothing here rejects: what went wrong is said. */
@Injectable()
export class UserChanges {
  private readonly store = inject(UsersStore);
  private readonly session = inject(SessionStore);
  private readonly dialogs = inject(Dialogs);
  private readonly asking = inject(Asking);
  private readonly notices = inject(Notices);

  isMe(user: User): boolean {
    return user.id === this.session.user()?.id;
  }

  async create(): Promise<void> {
    const user = await this.dialogs.open<User>(NewUserDialog);
    if (user !== undefined) this.notices.say(`${user.displayName} can sign in now.`);
  }

  async changeRole(user: User, role: Role): Promise<void> {
    if (role === user.role) return;
    const change = () => this.store.change(user, { role });
    if (!this.isMe(user)) {
      if (!(await this.asking.do(change, null))) return;
      const words = `${user.displayName} is ${withArticle(role)} now.`;
      this.notices.offerUndo(words, () => void this.undo({ ...user, role }, { role: user.role }));
      return;
    }
    const question = {
      heading: `Become ${withArticle(role)} yourself?`,
      text: 'You see this page no longer then, and only another administrator can make you one again.',
      consent: 'Change',
    };
    if (await this.asking.askAndDo(question, change, null)) await this.session.load();
  }

  async setDisabled(user: User, disabled: boolean): Promise<void> {
    if (!(await this.asking.do(() => this.store.change(user, { disabled }), null))) return;
    const words = disabled
      ? `${user.displayName} is signed out everywhere and cannot sign in.`
      : `${user.displayName} can sign in again.`;
    this.notices.offerUndo(
      words,
      () => void this.undo({ ...user, disabled }, { disabled: !disabled }),
    );
  }

  async resetPassword(user: User): Promise<void> {
    await this.dialogs.open(ResetPasswordDialog, user);
  }

  async changeQuota(user: User): Promise<void> {
    await this.dialogs.open(QuotaDialog, user);
  }

  async delete(user: User): Promise<void> {
    const question = {
      heading: `Delete ${user.displayName}?`,
      text: `Their sign-in, sessions and tokens go for good. Their files stay: the drive “${user.username}” is kept, and granted to you. A new user of the name ${user.username} takes it up again.`,
      consent: 'Delete',
    };
    const done = `${user.displayName} was deleted. Their files were kept.`;
    await this.asking.askAndDo(question, () => this.store.delete(user.id), done);
  }

  private async undo(user: User, change: { role: Role } | { disabled: boolean }): Promise<void> {
    await this.asking.do(() => this.store.change(user, change), 'It is as it was before.');
  }
}

function withArticle(role: Role): string {
  const name = ROLE_NAMES[role].toLowerCase();
  return role === 'admin' ? `an ${name}` : `a ${name}`;
}

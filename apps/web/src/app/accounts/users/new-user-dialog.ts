import { DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  Injector,
  signal,
  viewChild,
  viewChildren,
} from '@angular/core';
import { type CreateUser, MAXIMUM_USERNAME_LENGTH, type User } from '@homeserver/dto';
import { ProblemLine, SelectField, TextField } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { focusFault } from '../../core/forms/focus-fault';
import { FormActions } from '../../core/forms/form-actions';
import { Submission } from '../../core/forms/submission';
import { ROLE_CHOICES, ROLE_HINTS, roleOf } from '../people/role-words';
import { NewPasswordField } from './new-password-field';
import { newUserFaults } from './new-user-faults';
import { UsersStore } from './users-store';

/** Somebody new. Closed with the `User`. */
@Component({
  selector: 'home-new-user-dialog',
  imports: [FormActions, DialogFrame, NewPasswordField, ProblemLine, SelectField, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './new-user-dialog.html',
  styleUrl: '../../core/forms/dialog-form.scss',
})
export class NewUserDialog {
  protected readonly dialog = inject<DialogRef<User>>(DialogRef);
  protected readonly maximumLength = MAXIMUM_USERNAME_LENGTH;
  protected readonly roleChoices = ROLE_CHOICES;
  protected readonly roleHint = computed(() => ROLE_HINTS[this.role()]);
  protected readonly username = signal('');
  protected readonly displayName = signal('');
  protected readonly role = signal(roleOf('member'));
  protected readonly password = signal('');
  protected readonly submission = new Submission(['#/username', '#/displayName', '#/password'], {
    'accounts.username_taken': '#/username',
  });

  private readonly store = inject(UsersStore);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);
  private readonly passwordField = viewChild(NewPasswordField);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected chooseRole(value: string): void {
    this.role.set(roleOf(value));
  }

  protected async create(): Promise<void> {
    const user = this.wanted();
    const faults = newUserFaults(user);
    if (faults.size > 0) this.submission.refuse(faults);
    else {
      const isDone = await this.submission.run(async () => {
        this.dialog.close(await this.store.create(user));
      });
      if (isDone) return;
    }
    if (this.submission.fault('#/username') ?? this.submission.fault('#/displayName'))
      focusFault(this.fields, this.injector);
    else this.passwordField()?.focus();
  }

  private wanted(): CreateUser {
    const displayName = this.displayName().trim();
    return {
      username: this.username().trim().toLowerCase(),
      role: this.role(),
      ...(displayName === '' ? {} : { displayName }),
      password: this.password(),
    };
  }
}

import { ChangeDetectionStrategy, Component } from '@angular/core';

/** Who may sign in here. */
@Component({
  selector: 'home-users-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Users</h1>`,
})
export class UsersPage {}

import { ChangeDetectionStrategy, Component } from '@angular/core';

/** What people change of themselves. */
@Component({
  selector: 'home-account-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Account</h1>`,
})
export class AccountPage {}

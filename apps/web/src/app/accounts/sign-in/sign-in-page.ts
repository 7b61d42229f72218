import { ChangeDetectionStrategy, Component } from '@angular/core';

/** Where people say who they are. */
@Component({
  selector: 'home-sign-in-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Sign in</h1>`,
})
export class SignInPage {}

import { ChangeDetectionStrategy, Component } from '@angular/core';

/** Makes the first administrator. */
@Component({
  selector: 'home-setup-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Welcome to HomeServer</h1>`,
})
export class SetupPage {}

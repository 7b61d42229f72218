import { ChangeDetectionStrategy, Component } from '@angular/core';

/** Who may do what on which drive. */
@Component({
  selector: 'home-access-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Access</h1>`,
})
export class AccessPage {}

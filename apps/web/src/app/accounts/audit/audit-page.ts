import { ChangeDetectionStrategy, Component } from '@angular/core';

/** Who did what, and from where. */
@Component({
  selector: 'home-audit-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Audit log</h1>`,
})
export class AuditPage {}

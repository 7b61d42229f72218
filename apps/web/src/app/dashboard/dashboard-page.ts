import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'home-dashboard-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Dashboard</h1>`,
})
export class DashboardPage {}

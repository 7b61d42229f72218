import { ChangeDetectionStrategy, Component } from '@angular/core';

/** The dashboard's cards without their contents, at the same size, while the first values come. */
@Component({
  selector: 'home-dashboard-skeleton',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="visually-hidden" role="status">Loading</p>
    <div class="cards" aria-hidden="true">
      <div class="tiles">
        @for (tile of tiles; track tile) {
          <div class="card"><div class="skeleton title"></div></div>
        }
      </div>
      <div class="card chart"><div class="skeleton title"></div></div>
      <div class="card disks"><div class="skeleton title"></div></div>
      <div class="card files"><div class="skeleton title"></div></div>
      <div class="card events"><div class="skeleton title"></div></div>
    </div>
  `,
  styleUrl: './dashboard-skeleton.scss',
})
export class DashboardSkeleton {
  protected readonly tiles = ['cpu', 'memory', 'network', 'temperature'] as const;
}

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
          <div class="card skeleton"></div>
        }
      </div>
      <div class="card skeleton chart"></div>
      <div class="card skeleton disks"></div>
      <div class="card skeleton files"></div>
      <div class="card skeleton events"></div>
    </div>
  `,
  styleUrl: './dashboard-skeleton.scss',
})
export class DashboardSkeleton {
  protected readonly tiles = ['cpu', 'memory', 'network', 'temperature'] as const;
}

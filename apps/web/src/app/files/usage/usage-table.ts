import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { bytesText, Icon } from '@homeserver/ui';

import { percentText, type UsagePart } from './usage-tiles';

/** The same as the map in words and numbers. */
@Component({
  selector: 'home-usage-table',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col" class="number">Size</th>
          <th scope="col" class="number">Share</th>
        </tr>
      </thead>
      <tbody>
        @for (part of parts(); track part.id) {
          <tr>
            <th scope="row">
              @if (part.kind === 'folder') {
                <button type="button" [title]="part.name" (click)="opened.emit(part)">
                  <home-icon name="folder" [size]="18" /><span>{{ part.name }}</span>
                </button>
              } @else {
                <p [title]="part.name">
                  <home-icon [name]="part.icon" [size]="18" /><span>{{ part.name }}</span>
                </p>
              }
            </th>
            <td class="number">{{ bytesText(part.size) }}</td>
            <td class="number">
              <span class="bar" [style.transform]="'scaleX(' + part.share + ')'"></span>
              {{ percentText(part.share) }}
            </td>
          </tr>
        }
      </tbody>
    </table>
  `,
  styleUrl: './usage-table.scss',
})
export class UsageTable {
  readonly parts = input.required<readonly UsagePart[]>();
  /** A folder was pressed. */
  readonly opened = output<UsagePart>();

  protected readonly bytesText = bytesText;
  protected readonly percentText = percentText;
}

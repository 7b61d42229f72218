import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button, formatCount, Icon } from '@homeserver/ui';

import { quoteNames } from '../entries/entry-name';
import { DialogFrame } from '../../core/dialog/dialog-frame';
import { groupFailures } from './failure-groups';
import type { Failure } from './run-bounded';

export interface Failures {
  /** What could not be done, such as `deleted`. */
  readonly participle: string;
  readonly total: number;
  readonly failed: readonly Failure<FileMetadata>[];
}

const NAMES_IN_SIGHT = 4;

/** Says which of many entries something could not be done with, and why. */
@Component({
  selector: 'home-failures-dialog',
  imports: [Button, DialogFrame, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-dialog-frame [heading]="heading">
      @for (group of groups; track group.reason) {
        <section>
          <home-icon name="alarm" [size]="18" />
          <div>
            <p>{{ group.reason }}</p>
            <p class="names">{{ group.names }}</p>
            @if (group.requestId; as id) {
              <p class="names">
                Request <code>{{ id }}</code>
              </p>
            }
          </div>
        </section>
      }
      <ng-container actions>
        <button homeButton type="button" data-first-focus (click)="dialog.close()">Close</button>
      </ng-container>
    </home-dialog-frame>
  `,
  styles: `
    section {
      display: flex;
      gap: 10px;
      padding: 8px 0;
    }

    home-icon {
      margin-top: 1px;
      color: var(--alarm);
    }

    .names {
      margin-top: 2px;
      color: var(--muted);
      font-size: 12.5px;
      overflow-wrap: anywhere;
      user-select: text;
    }
  `,
})
export class FailuresDialog {
  protected readonly dialog = inject(DialogRef);
  private readonly failures = inject<Failures>(DIALOG_DATA);
  protected readonly heading = headingFor(this.failures);
  protected readonly groups = groupFailures(this.failures.failed).map((group) => ({
    ...group,
    names: quoteNames(group.filenames, NAMES_IN_SIGHT),
  }));
}

function headingFor({ failed, total, participle }: Failures): string {
  const [only] = failed;
  if (total === 1 && only !== undefined) {
    return `“${only.item.filename}” could not be ${participle}`;
  }
  return `${formatCount(failed.length)} of ${formatCount(total)} could not be ${participle}`;
}

import { inject, Injectable } from '@angular/core';

import { Notices } from '../../core/notices';
import { DriveCondition } from './drive-condition';

/** Whether the open drive may be changed; where it may not, the person is told why. */
@Injectable()
export class ChangePermission {
  private readonly condition = inject(DriveCondition);
  private readonly notices = inject(Notices);

  toChange(): boolean {
    const refusal = this.condition.refusal();
    if (refusal !== null) this.notices.say(refusal);
    return refusal === null;
  }
}

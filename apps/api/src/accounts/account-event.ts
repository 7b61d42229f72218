import type { UserEventType } from '@homeserver/dto';

import type { Cause } from '../platform/access/actor';
import type { NewEvent } from '../platform/events/event-log.repository';

/** Something that happened to an account, for administrators and the audit log. */
export function accountEvent(
  type: UserEventType,
  user: { readonly id: string | null; readonly username: string },
  cause: Cause | null,
  detail: string | null = null,
): NewEvent {
  return {
    type,
    subject: user.id === null ? 'users' : `users/${user.id}`,
    driveId: null,
    audience: 'administrators',
    cause,
    data: { username: user.username, detail },
  };
}

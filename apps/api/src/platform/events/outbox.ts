import type { NewEvent } from './event-log.repository';

/** What a statement begins with that writes an event; the values are those of `outboxValues`, in their order. */
export const INTO_OUTBOX =
  'insert into event_outbox (type, subject, time, drive_id, data, audience, actor_id, actor_name, client_address)';

/** @returns nine values, the data as JSON */
export function outboxValues({
  type,
  subject,
  driveId,
  data,
  audience,
  cause,
}: NewEvent): unknown[] {
  return [
    type,
    subject,
    new Date(),
    driveId,
    JSON.stringify(data),
    audience,
    cause?.userId ?? null,
    cause?.username ?? null,
    cause?.clientAddress ?? null,
  ];
}

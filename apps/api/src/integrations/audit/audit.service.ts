import type { AuditEntry, AuditPage, ListAuditQuery } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../../platform/access/actor';
import { type CausedEvent, EventLogRepository } from '../../platform/events/event-log.repository';
import { EventPublisher } from '../../platform/events/event-publisher.service';
import { cursorPosition, readerOf, typePatterns } from '../event-stream/event-stream.service';

/** The event log as an account of who did what. It shows what its reader may see, as every other view of it. */
@Injectable()
export class AuditService {
  constructor(
    private readonly repository: EventLogRepository,
    private readonly publisher: EventPublisher,
  ) {}

  /** A page of the log, the newest first. @throws InvalidInputError when the cursor is not one of ours */
  async list(actor: Actor, { types, actorId, cursor, limit }: ListAuditQuery): Promise<AuditPage> {
    // What was just done is in it, too.
    if (cursor === undefined) await this.publisher.publishAll();
    const before = cursorPosition(cursor) ?? Number.MAX_SAFE_INTEGER;
    const rows = await this.repository.readCausedBefore(before, actorId ?? null, {
      reader: readerOf(actor),
      patterns: typePatterns(types),
      limit: limit + 1,
    });
    const items = rows.slice(0, limit).map(toEntry);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

function toEntry(event: CausedEvent): AuditEntry {
  return {
    id: String(event.position),
    time: event.time.toISOString(),
    type: event.type,
    subject: event.subject,
    actorId: event.actorId,
    actorName: event.actorName,
    clientAddress: event.clientAddress,
    summary: summaryOf(event.data),
  };
}

/** What an event is about: the file, the drive and who may do what there, the work, the user and what was done to them. */
function summaryOf(data: unknown): string {
  const { file, username, detail, driveName, access, title } = membersOf(data);
  if (file !== undefined) return textOf(membersOf(file)['filename']);
  const about = driveName ?? title;
  const more = driveName === undefined ? [username, detail] : [username, access];
  const words = more.map(textOf).filter((text) => text !== '');
  if (about === undefined) return words.join(': ');
  return [textOf(about), ...(words.length === 0 ? [] : [words.join(', ')])].join(': ');
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

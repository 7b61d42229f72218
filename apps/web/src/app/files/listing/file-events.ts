import { Injectable } from '@angular/core';
import { homeServerEventSchema, type HomeServerEvent } from '@homeserver/dto';
import { Subject } from 'rxjs';

import { SocketClient } from '../../core/socket-client';
import type { FileChange } from './list-changes';

const PATH = '/api/v1/events/ws?types=homeserver.file.*,homeserver.drive.*';
/** After so many refusals in a row the position is taken to be older than what the server keeps. */
const MOST_REFUSALS = 3;

/**
 * What happens to files and to the drives that they lie on, as it happens. A connection that was lost goes on from the event that was
 * heard last; where that is not possible, `gaps` says that something may have been missed.
 */
@Injectable()
export class FileEvents {
  readonly changes = new Subject<FileChange>();
  /** A drive went away, came back, or is not what it was. */
  readonly driveChanges = new Subject<void>();
  readonly gaps = new Subject<void>();

  private lastId: string | null = null;
  private tries = 0;
  private isResumed = false;
  private readonly socket = new SocketClient({
    path: () => this.nextPath(),
    onMessage: (message) => this.receive(message),
    onOpen: () => this.handleOpen(),
  });

  readonly state = this.socket.state;

  private nextPath(): string {
    this.tries += 1;
    if (this.tries > MOST_REFUSALS) this.lastId = null;
    this.isResumed = this.lastId !== null;
    return this.lastId === null ? PATH : `${PATH}&after=${this.lastId}`;
  }

  private handleOpen(): void {
    this.tries = 0;
    if (!this.isResumed) this.gaps.next();
  }

  private receive(message: unknown): void {
    const parsed = homeServerEventSchema.safeParse(message);
    // A newer server may tell of things that this page does not know.
    if (!parsed.success) return;
    this.lastId = parsed.data.id;
    const change = changeOf(parsed.data);
    if (change !== null) this.changes.next(change);
    else if (parsed.data.type.startsWith('homeserver.drive.')) this.driveChanges.next();
  }
}

function changeOf({ type, data }: HomeServerEvent): FileChange | null {
  if (!('file' in data)) return null;
  return { kind: kindOf(type), file: data.file };
}

function kindOf(type: HomeServerEvent['type']): FileChange['kind'] {
  switch (type) {
    case 'homeserver.file.deleted':
    case 'homeserver.file.trashed':
      return 'gone';
    // Files in the trash are read, too.
    case 'homeserver.file.corrupted':
      return 'noted';
    default:
      return 'present';
  }
}

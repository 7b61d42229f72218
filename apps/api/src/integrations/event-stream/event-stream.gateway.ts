import type { IncomingMessage } from 'node:http';

import { type EventSocketQuery, eventSocketQuerySchema } from '@homeserver/dto';
import type { OnModuleInit } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { EventFeed } from '../../platform/events/event-feed.service';
import { parseQuery } from '../../platform/http/input-validation.pipe';
import { SocketAdmission } from '../../platform/sockets/socket-admission';
import { EventStreamService, readerOf } from './event-stream.service';
import { EventSubscription } from './event-subscription';

const PATH = '/api/v1/events/ws';

/** Sends every event as it happens, one a frame, from the position on that the reader names. */
@WebSocketGateway({ path: PATH })
export class EventStreamGateway implements OnModuleInit, OnGatewayConnection {
  /** Where each reader begins, found out before its upgrade: what happens after that is new to it. */
  private readonly starts = new WeakMap<IncomingMessage, number>();

  constructor(
    private readonly stream: EventStreamService,
    private readonly feed: EventFeed,
    private readonly admission: SocketAdmission,
  ) {}

  onModuleInit(): void {
    this.admission.declare(PATH, {
      scope: 'events:read',
      check: async ({ request, query }) => {
        const { after } = readQuery(query);
        this.starts.set(
          request,
          after === undefined ? await this.stream.endOfLog() : await this.stream.startOf(after),
        );
      },
    });
  }

  async handleConnection(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const { types } = readQuery(new URL(request.url ?? '/', 'http://localhost').searchParams);
    const start = this.starts.get(request);
    if (start === undefined) throw new Error('This socket was not admitted.');
    const reader = readerOf(this.admission.follow(socket, request));
    await new EventSubscription(socket, { types, reader }, this.stream, this.feed).follow(start);
  }
}

function readQuery(query: URLSearchParams): EventSocketQuery {
  return parseQuery(eventSocketQuerySchema, query);
}

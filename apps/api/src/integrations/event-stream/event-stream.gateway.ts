import type { IncomingMessage } from 'node:http';

import { type EventSocketQuery, eventSocketQuerySchema } from '@homeserver/dto';
import type { OnModuleInit } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import type { WebSocket } from 'ws';

import { EventFeed } from '../../platform/events/event-feed.service';
import { parseQuery } from '../../platform/http/input-validation.pipe';
import { SocketAdmission } from '../../platform/sockets/socket-admission';
import { EventStreamService } from './event-stream.service';
import { EventSubscription } from './event-subscription';

const PATH = '/api/v1/events/ws';

/** Sends every event as it happens, one a frame, from the position on that the reader names. */
@WebSocketGateway({ path: PATH })
export class EventStreamGateway implements OnModuleInit, OnGatewayConnection {
  constructor(
    private readonly stream: EventStreamService,
    private readonly feed: EventFeed,
    private readonly admission: SocketAdmission,
  ) {}

  onModuleInit(): void {
    this.admission.declare(PATH, {
      scope: 'events:read',
      check: async (query) => {
        await this.stream.startOf(readQuery(query).after);
      },
    });
  }

  async handleConnection(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const { types, after } = readQuery(
      new URL(request.url ?? '/', 'http://localhost').searchParams,
    );
    // Without a position the reader wants what comes from now on: that is where the feed stands.
    const position = after === undefined ? this.feed.position : Number(after);
    await new EventSubscription(socket, types, this.stream, this.feed).follow(position);
  }
}

function readQuery(query: URLSearchParams): EventSocketQuery {
  return parseQuery(eventSocketQuerySchema, query);
}

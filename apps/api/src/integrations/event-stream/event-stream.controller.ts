import {
  type EventPage,
  eventPageSchema,
  type ListEventsQuery,
  listEventsQuerySchema,
} from '@homeserver/dto';
import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { EventStreamService, readerOf } from './event-stream.service';

@ApiTags('Events')
@Controller('api/v1/events')
export class EventStreamController {
  constructor(private readonly stream: EventStreamService) {}

  @GetEndpoint('', {
    summary: 'What has happened, as far as you may see it, as a list',
    description:
      'The socket at /api/v1/events/ws sends the same as it happens; see /docs/asyncapi.json.',
    access: 'events:read',
    response: eventPageSchema,
    problems: { 410: ['events.expired'] },
  })
  async listEvents(
    @CurrentActor() actor: Actor,
    @Query({ schema: listEventsQuerySchema }) query: ListEventsQuery,
  ): Promise<EventPage> {
    return this.stream.list(readerOf(actor), query);
  }
}

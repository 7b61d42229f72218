import {
  dashboardMetricsSchema,
  eventSocketQuerySchema,
  homeServerEventSchema,
} from '@homeserver/dto';

import { toJsonSchema } from './documents';
import { ASYNCAPI_SECURITY_SCHEMES } from './security-schemes';

type Json = Record<string, unknown>;

/** Why an upgrade is refused: by status, with the codes of the problem that the answer holds. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: '`accounts.sign_in_required`: the call has no actor',
  403: '`access.cross_site`: the Origin is neither ours nor in CORS_ORIGINS; `access.denied`: the actor may not open this socket',
  421: '`access.unknown_host`: the server does not answer under this name',
  429: '`sockets.too_many`: too many sockets are open from this address',
  503: '`sockets.full`: as many sockets are open as the server can serve; `database.unavailable`: the database is away',
};

/** Why the server closes a socket. */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1001: 'The server is stopping; connect again in a while',
  1008: 'The client says too much: these sockets only send',
  1009: 'The client sent a frame of more than 16 KiB',
  4401: 'The session has ended; sign in and connect again',
  4408: 'The client reads too slowly',
};

const OWN_SERVER = {
  host: '{host}',
  protocol: 'ws',
  description: 'The server that serves this document; wss behind a proxy that ends TLS',
  variables: { host: { default: 'localhost:8000', description: 'Its name and port' } },
};

interface SocketChannel {
  readonly name: string;
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly messageSchema: unknown;
  readonly messageTitle: string;
  readonly messageSummary: string;
  /** The scope that the actor needs. */
  readonly scope: string;
  readonly refusals?: Readonly<Record<number, string>>;
  /** A zod schema of the parameters in the query. */
  readonly querySchema?: unknown;
}

const CHANNELS: readonly SocketChannel[] = [
  {
    name: 'metrics',
    address: '/api/v1/monitoring/ws',
    title: 'Live metrics',
    description:
      'One frame at once (within 300 ms, when a second reading has made the rates), then one every METRICS_INTERVAL_MS.',
    messageSchema: dashboardMetricsSchema,
    messageTitle: 'A frame of the dashboard',
    messageSummary: 'One sample of the machine, what the drives hold, and the server itself.',
    scope: 'monitoring:read',
  },
  {
    name: 'events',
    address: '/api/v1/events/ws',
    title: 'The event stream',
    description:
      'Every event that the actor may see, one a frame, in order: from the position `after` on, without a gap or a double. Remember the id of the last event, and connect with it again.',
    messageSchema: homeServerEventSchema,
    messageTitle: 'An event',
    messageSummary: 'A CloudEvents 1.0 event in JSON, discriminated on `type`.',
    scope: 'events:read',
    refusals: {
      410: '`events.expired`: the events after this position are no longer kept',
      422: '`http.invalid_input`: `types` or `after` is malformed',
    },
    querySchema: eventSocketQuerySchema,
  },
];

/** The AsyncAPI 3.0 document of everything that is sent over sockets, from the schemas that it is checked with. */
export function createAsyncApiDocument(version: string): Json {
  const messages: Json = {};
  const schemas: Json = {};
  for (const channel of CHANNELS) {
    const { schema, components = {} } = toJsonSchema(channel.messageSchema, {
      schemaType: 'output',
    });
    Object.assign(schemas, components);
    messages[channel.name] = describeMessage(channel, schema);
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'HomeServer',
      version,
      description:
        'What HomeServer sends over WebSockets: plain RFC 6455, each message a text frame of JSON. What clients send is ignored. The REST API is described at [/docs](/docs).',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/json',
    servers: { own: OWN_SERVER },
    channels: Object.fromEntries(
      CHANNELS.map((channel) => [channel.name, describeChannel(channel)]),
    ),
    operations: Object.fromEntries(
      CHANNELS.map((channel) => [`send-${channel.name}`, describeOperation(channel)]),
    ),
    components: {
      messages,
      schemas: referToComponents(schemas),
      securitySchemes: ASYNCAPI_SECURITY_SCHEMES,
    },
  };
}

function describeMessage(
  { name, messageTitle, messageSummary }: SocketChannel,
  payload: unknown,
): Json {
  return {
    name,
    title: messageTitle,
    summary: messageSummary,
    contentType: 'application/json',
    payload,
  };
}

function describeChannel(channel: SocketChannel): Json {
  const refusals = { ...REFUSALS, ...channel.refusals };
  const query =
    channel.querySchema === undefined
      ? {}
      : { query: toJsonSchema(channel.querySchema, { schemaType: 'input' }).schema };
  return {
    address: channel.address,
    title: channel.title,
    description: [
      channel.description,
      `Needs the scope \`${channel.scope}\`, by the session cookie or \`Authorization\` on the upgrade.`,
      `Refused before the upgrade, as problem+json:\n\n${listOf(refusals)}`,
      `Closed by the server with:\n\n${listOf(CLOSE_CODES)}`,
    ].join('\n\n'),
    servers: [{ $ref: '#/servers/own' }],
    messages: { [channel.name]: { $ref: `#/components/messages/${channel.name}` } },
    bindings: { ws: { method: 'GET', ...query, bindingVersion: '0.1.0' } },
    'x-access': channel.scope,
    'x-refusals': refusals,
    'x-close-codes': CLOSE_CODES,
  };
}

function describeOperation({ name, title, messageSummary }: SocketChannel): Json {
  return {
    action: 'send',
    title,
    summary: messageSummary,
    channel: { $ref: `#/channels/${name}` },
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    security: Object.keys(ASYNCAPI_SECURITY_SCHEMES).map((scheme) => ({
      $ref: `#/components/securitySchemes/${scheme}`,
    })),
  };
}

function listOf(meanings: Readonly<Record<number, string>>): string {
  return Object.entries(meanings)
    .map(([code, meaning]) => `- ${code}: ${meaning}`)
    .join('\n');
}

/** zod points from one definition to another within its own document; here they are components. */
function referToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referToComponents);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : referToComponents(member),
    ]),
  );
}

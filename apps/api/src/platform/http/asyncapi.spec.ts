import { dashboardMetricsSchema, homeServerEventSchema } from '@homeserver/dto';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { createAsyncApiDocument } from './asyncapi';

const referenceSchema = z.strictObject({ $ref: z.string().startsWith('#/') });

/** What AsyncAPI 3.0 asks of the parts that we use. */
const documentSchema = z.strictObject({
  asyncapi: z.literal('3.0.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), url: z.url() }),
  }),
  defaultContentType: z.literal('application/json'),
  servers: z.record(
    z.string().regex(/^[\w.-]+$/),
    z.strictObject({
      host: z.string(),
      protocol: z.enum(['ws', 'wss']),
      description: z.string(),
      variables: z.record(
        z.string(),
        z.strictObject({ default: z.string(), description: z.string() }),
      ),
    }),
  ),
  channels: z.record(
    z.string(),
    z.looseObject({
      address: z.string().regex(/^\/[^?#]*$/, 'parameters of the query stand in the binding'),
      title: z.string(),
      description: z.string(),
      servers: z.array(referenceSchema),
      messages: z.record(z.string(), referenceSchema),
      bindings: z.strictObject({
        ws: z.strictObject({
          method: z.enum(['GET', 'POST']),
          query: z
            .looseObject({ type: z.literal('object'), properties: z.looseObject({}) })
            .optional(),
          bindingVersion: z.literal('0.1.0'),
        }),
      }),
    }),
  ),
  operations: z.record(
    z.string(),
    z.strictObject({
      action: z.enum(['send', 'receive']),
      title: z.string(),
      summary: z.string(),
      channel: referenceSchema,
      messages: z.array(referenceSchema).min(1),
      security: z.array(referenceSchema).min(1),
    }),
  ),
  components: z.strictObject({
    messages: z.record(
      z.string(),
      z.strictObject({
        name: z.string(),
        title: z.string(),
        summary: z.string(),
        contentType: z.string(),
        payload: z.looseObject({}),
      }),
    ),
    schemas: z.record(z.string().regex(/^[\w.-]+$/), z.looseObject({})),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() })),
  }),
});

const document: unknown = JSON.parse(JSON.stringify(createAsyncApiDocument('1.2.3')));

/** Every `$ref` in a value. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : referencesIn(member),
  );
}

function resolve(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => {
      const members: Record<string, unknown> =
        typeof value === 'object' && value !== null ? { ...value } : {};
      return members[key];
    }, document);
}

describe('createAsyncApiDocument', () => {
  it('should have the structure of AsyncAPI 3.0', () => {
    expect(documentSchema.parse(document).info.version).toBe('1.2.3');
  });

  it('should describe the metrics and the events', () => {
    const { channels } = documentSchema.parse(document);

    expect(Object.values(channels).map(({ address }) => address)).toEqual([
      '/api/v1/monitoring/ws',
      '/api/v1/events/ws',
    ]);
    expect(channels['events']?.bindings.ws.query?.properties).toMatchObject({
      types: {},
      after: {},
    });
    for (const { description } of Object.values(channels)) {
      for (const code of ['401', '403', '421', '1001', '4401', '4408'])
        expect(description).toContain(code);
    }
    expect(channels['events']?.description).toContain('events.expired');
  });

  it('should refer to nothing that is not there', () => {
    const references = referencesIn(document);

    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      expect([reference, resolve(reference)]).toEqual([reference, expect.any(Object)]);
    }
  });

  it('should let an operation send only messages of its channel', () => {
    const { operations } = documentSchema.parse(document);

    for (const { channel, messages } of Object.values(operations)) {
      for (const { $ref } of messages)
        expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
    }
  });

  it('should hold the schemas that the messages are checked with, each with an example that passes', () => {
    const { components } = documentSchema.parse(document);
    const exampleOf = (name: string) =>
      z.array(z.unknown()).parse(components.schemas[name]?.['examples'])[0];

    expect(dashboardMetricsSchema.safeParse(exampleOf('DashboardMetrics')).success).toBe(true);
    expect(homeServerEventSchema.safeParse(exampleOf('HomeServerEvent')).success).toBe(true);
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining(['SystemMetrics', 'StorageMetrics', 'FileMetadata']),
    );
  });
});

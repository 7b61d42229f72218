import type { INestApplication } from '@nestjs/common';
import {
  DocumentBuilder,
  type OpenAPIObject,
  type StandardSchemaConversionResult,
  SwaggerModule,
} from '@nestjs/swagger';

import { problemSchema } from '@homeserver/dto';
import * as z from 'zod';

import { OPENAPI_SECURITY_SCHEMES } from './security-schemes';

/** What each group of calls is about. */
const TAGS: Readonly<Record<string, string>> = {
  Accounts: 'Set-up, sign-in, users, and what they come in with',
  Audit: 'Who did what, when and from where',
  Drives: 'The folders that are served, and what is left on them',
  Files: 'Uploads, lists, downloads, tags, and everything else that is done with files',
  Trash: 'What was deleted, until it is brought back or goes for good',
  Versions: 'What files were before another content took its place',
  Jobs: 'Work in the background',
  Monitoring: 'The state of the machine, now and over the last minutes',
  Events: 'What has happened, as a numbered log',
  Health: 'Whether the server is alive and ready, for whoever watches over it',
};

/** The OpenAPI 3.1 document of the whole API, made from what the routes declare. */
export function createOpenApiDocument(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('HomeServer')
    .setDescription(
      'Files, and the health of the machine that keeps them. The sockets are described at [/docs/events](/docs/events).',
    )
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The server that serves this document')
    .build();
  config.tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: toJsonSchema,
  });
  const { components = {} } = toJsonSchema(problemSchema, { schemaType: 'output' });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...components },
    securitySchemes: OPENAPI_SECURITY_SCHEMES,
  };
  return document;
}

/** What zod adds that tells a reader nothing: the pattern of a format, the range of all whole numbers. */
function dropNoise(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** zod leaves out the default of an input that is transformed; ours read the same before and after. */
function keepDefault(schema: z.core.$ZodType, shown: z.core.JSONSchema.BaseSchema): void {
  if (schema instanceof z.ZodDefault) shown.default = schema.def.defaultValue;
}

/** A zod schema as JSON Schema 2020-12; one with an id becomes a component of that name. */
export function toJsonSchema(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): StandardSchemaConversionResult {
  if (!(schema instanceof z.ZodType)) throw new Error('Only zod schemas stand at our routes.');
  const {
    $schema: _dialect,
    $defs = {},
    id: _id,
    ...body
  } = z.toJSONSchema(schema, {
    io: schemaType,
    override: ({ zodSchema, jsonSchema }) => {
      dropNoise(jsonSchema);
      keepDefault(zodSchema, jsonSchema);
    },
  });
  const components = Object.fromEntries(
    Object.entries($defs).map(([name, { id: _definitionId, ...definition }]) => [name, definition]),
  );
  const { id, examples } = z.globalRegistry.get(schema) ?? {};
  if (id === undefined) return { schema: body, components };
  // zod gives such a schema as a mere $ref to its definition, so the definition has the last word.
  // It leaves out the examples of an input that is transformed; ours are all of the input.
  const definition = {
    ...(examples === undefined ? {} : { examples }),
    ...(components[id] ?? body),
  };
  return {
    schema: { $ref: `#/components/schemas/${id}` },
    components: { ...components, [id]: definition },
  };
}

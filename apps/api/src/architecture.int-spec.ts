import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import * as z from 'zod';

import { startTestApp, type TestApp } from '../test/test-app';
import { ACCESS } from './platform/access/access.decorator';
import { SCOPES } from '@homeserver/dto';

/** Of a route without a body: created elsewhere, nothing to say, moved, not changed. */
const STATUSES_WITHOUT_BODY = ['204', '302', '304'];
/** By the protocol of uploads, tus 1.0.0, all that is said is said in headers. */
const ANSWERED_BY_HEADERS = ['POST /api/v1/uploads 201', 'HEAD /api/v1/uploads/{id} 200'];
/** What Swagger UI adds by itself. */
const DOCUMENT_ROUTES = /^\/docs(-json|-yaml|\/|$)/;

const mediaSchema = z.object({ schema: z.record(z.string(), z.unknown()) });
const contentSchema = z.record(z.string(), mediaSchema);
const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  'x-access': z.enum([...SCOPES, 'actor', 'session', 'public']),
  parameters: z.array(
    z.object({ name: z.string(), in: z.string(), schema: z.record(z.string(), z.unknown()) }),
  ),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ content: contentSchema.optional() })),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
const routesSchema = z.array(
  z.object({
    route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional(),
  }),
);

type Document = z.infer<typeof documentSchema>;
type Operation = z.infer<typeof operationSchema>;

describe('the architecture of the API', () => {
  let server: TestApp;
  let document: Document;
  let operations: { name: string; operation: Operation }[];

  beforeAll(async () => {
    server = await startTestApp();
    document = documentSchema.parse(await (await fetch(`${server.url}/docs-json`)).json());
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    );
  });

  afterAll(async () => {
    await server.close();
  });

  function declaredHandlers(): { name: string; access: unknown }[] {
    const scanner = new MetadataScanner();
    const controllers = [...server.app.get(ModulesContainer).values()].flatMap((module) => [
      ...module.controllers.values(),
    ]);
    return controllers.flatMap(({ instance, metatype, name }) =>
      scanner.getAllMethodNames(instance).flatMap((method) => {
        const handler: unknown = Reflect.get(Object(instance), method);
        if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler))
          return [];
        const targets = metatype === null ? [handler] : [handler, metatype];
        const access = server.app.get(Reflector).getAllAndOverride<unknown>(ACCESS, targets);
        return [{ name: `${String(name)}.${method}`, access }];
      }),
    );
  }

  it('should declare access at every route', () => {
    const handlers = declaredHandlers();

    expect(handlers.length).toBeGreaterThan(10);
    expect(handlers.filter(({ access }) => access === undefined)).toEqual([]);
  });

  it('should leave only health, the documents and the ways in public, as the contract has it', () => {
    const isPublic = ({ operation }: { operation: Operation }) =>
      operation['x-access'] === 'public';

    expect(
      operations
        .filter(isPublic)
        .map(({ name }) => name)
        .filter((name) => !/^GET \/(health|docs|static)/.test(name))
        .filter((name) => !/^(GET|POST) \/api\/v1\/(setup$|auth\/)/.test(name)),
    ).toEqual([]);
  });

  it('should have every route of the HTTP server in its document', () => {
    const express: unknown = server.app.getHttpAdapter().getInstance();
    const router: unknown = Reflect.get(Object(express), 'router');
    const routes = routesSchema
      .parse(Reflect.get(Object(router), 'stack'))
      .flatMap(({ route }) => route ?? []);
    const documented = new Set(operations.map(({ name }) => name));
    const names = routes
      .filter(({ path }) => !DOCUMENT_ROUTES.test(path))
      .flatMap(({ path, methods }) =>
        Object.keys(methods).map(
          (method) => `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
        ),
      );

    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !documented.has(name))).toEqual([]);
  });

  it('should give every answer a schema, or say that it is not JSON', () => {
    const bare = operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(
          ([status, { content = {} }]) =>
            !STATUSES_WITHOUT_BODY.includes(status) && Object.keys(content).length === 0,
        )
        .map(([status]) => `${name} ${status}`),
    );

    expect(bare.filter((name) => !ANSWERED_BY_HEADERS.includes(name))).toEqual([]);
  });

  it('should answer every error as a problem', () => {
    const others = operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => Number(status) >= 400)
        .filter(
          ([, { content = {} }]) =>
            content['application/problem+json']?.schema['$ref'] !== '#/components/schemas/Problem',
        )
        .map(([status]) => `${name} ${status}`),
    );

    // Health tells what is wrong in the same form as what is right.
    expect(others.filter((name) => !/^GET \/health(\/ready)? 503$/.test(name))).toEqual([]);
  });

  it('should name each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('should show an example of every named shape', () => {
    const without = Object.entries(document.components.schemas).filter(
      ([, schema]) => !('example' in schema || 'examples' in schema),
    );

    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('should refer only to shapes that it has', () => {
    const references = JSON.stringify(document.paths).matchAll(/#\/components\/schemas\/(\w+)/g);
    const names = new Set([...references].map(([, name]) => name ?? ''));

    expect([...names].filter((name) => !(name in document.components.schemas))).toEqual([]);
  });
});

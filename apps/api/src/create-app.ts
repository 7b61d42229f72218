import type { IncomingMessage, Server as HttpServer } from 'node:http';

import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import express, { type Express } from 'express';
import type { Logger } from 'pino';

import { AppModule } from './app.module';
import type { Config } from './platform/config/config';
import { createOpenApiDocument } from './platform/http/documents';
import { holdInvitations } from './platform/http/expect-continue';
import { OriginPolicy } from './platform/http/origin-policy';
import { ProxyTrust } from './platform/http/proxy-trust';
import { jsonCompression, originRules, requestLog } from './platform/http/request-middleware';
import { safetyHeaders } from './platform/http/safety-headers';
import { formerAddresses, webApp } from './platform/http/web-app';
import { NestLogger } from './platform/logging/logger';
import { SocketAdmission } from './platform/sockets/socket-admission';
import { SocketAdapter } from './platform/sockets/socket.adapter';

const HEADERS_WITHIN_MS = 30_000;
const IDLE_CLOSED_AFTER_MS = 120_000;
/** Longer than a proxy in front keeps its side open, so that it never sends into a closing connection. */
const KEEP_ALIVE_MS = 65_000;

/** The whole application, ready to listen: the same for the server, the tests and the documents. */
export async function createApp(
  config: Config,
  databaseUrl: string,
  logger: Logger,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.of(config, databaseUrl, logger),
    new ExpressAdapter(exactPaths()),
    {
      logger: new NestLogger(logger),
      bodyParser: false,
      abortOnError: false,
    },
  );
  const policy = new OriginPolicy(config);
  const proxies = app.get(ProxyTrust);
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(
    requestLog(logger),
    safetyHeaders(config, proxies),
    originRules(policy, proxies),
    jsonCompression,
  );
  if (config.corsOrigins.length > 0)
    app.enableCors({ origin: [...config.corsOrigins], credentials: true });
  app.use(formerAddresses);
  if (config.webRoot !== null) app.use(webApp(config.webRoot));

  app.useWebSocketAdapter(
    new SocketAdapter(app, policy, app.get(SocketAdmission), logger, proxies),
  );
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app, config.version), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'HomeServer API',
  });
  prepareServer(app.getHttpServer(), app.get(SocketAdmission));
  await app.init();
  return app;
}

/** Addresses count as they are written: `/API/V1` is not ours. To be said before there is any route. */
function exactPaths(): Express {
  return express().enable('case sensitive routing');
}

/** What Node's server does before Express hears of a request. */
function prepareServer(server: HttpServer, admission: SocketAdmission): void {
  holdInvitations(server);
  limitIdleTime(server);
  limitUpgrades(server, admission);
}

/**
 * Only a WebSocket at an address of ours is an upgrade; any other wish for one is answered as if it were
 * not there, as RFC 9110, section 7.8, has it. A client that breaks off before its answer ends itself alone.
 */
function limitUpgrades(server: HttpServer, admission: SocketAdmission): void {
  Object.assign(server, {
    shouldUpgradeCallback: ({ method, headers, url }: IncomingMessage) =>
      method === 'GET' &&
      headers.upgrade?.toLowerCase() === 'websocket' &&
      // Whoever looks for the gateway makes a URL of it; a Host that is none is answered as in any request.
      URL.canParse(`ws://${headers.host}/`) &&
      admission.isDeclared(url ?? ''),
  });
  server.on('upgrade', (_request, socket) => socket.on('error', () => undefined));
}

/**
 * Node would end a request whose body takes longer than five minutes, however steadily it comes. A slow
 * upload is welcome; a connection on which nothing moves is not.
 */
function limitIdleTime(server: HttpServer): void {
  server.requestTimeout = 0;
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.timeout = IDLE_CLOSED_AFTER_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
}

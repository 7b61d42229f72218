import type { IncomingMessage, Server as HttpServer } from 'node:http';

import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import express, { type Express } from 'express';
import type { Logger } from 'pino';

import { AppModule } from './app.module';
import { ShortDownloads, TUS_ANSWER_HEADERS, tusDiscovery, tusProtocol } from './files';
import type { Config } from './platform/config/config';
import {
  CONNECTION_LIMITS,
  type ConnectionLimits,
  limitConnections,
} from './platform/http/connection-limits';
import { createOpenApiDocument } from './platform/http/documents';
import { holdInvitations } from './platform/http/expect-continue';
import { OriginPolicy } from './platform/http/origin-policy';
import { ProxyTrust } from './platform/http/proxy-trust';
import {
  jsonCompression,
  originRules,
  requestLimits,
  requestLog,
} from './platform/http/request-middleware';
import { safetyHeaders } from './platform/http/safety-headers';
import { slowBodies } from './platform/http/slow-bodies';
import { formerAddresses, webApp } from './platform/http/web-app';
import { NestLogger } from './platform/logging/logger';
import { SocketAdmission } from './platform/sockets/socket-admission';
import { SOCKET_LIMITS, type SocketLimits } from './platform/sockets/socket-limits';
import { SocketAdapter } from './platform/sockets/socket.adapter';

/** How much of the server anybody may take. */
export interface Limits {
  readonly connections: ConnectionLimits;
  readonly sockets: SocketLimits;
}

const LIMITS: Limits = { connections: CONNECTION_LIMITS, sockets: SOCKET_LIMITS };

/** The whole application, ready to listen: the same for the server, the tests and the documents. */
export async function createApp(
  config: Config,
  databaseUrl: string,
  logger: Logger,
  limits: Limits = LIMITS,
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
  prepareRequests(app, config, logger, limits);
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app, config.version), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'HomeServer API',
  });
  prepareServer(app, limits.connections);
  try {
    await app.init();
    return app;
  } catch (error) {
    // What was begun holds connections, and would go on.
    await app.close().catch(() => undefined);
    throw error;
  }
}

/** What every request, and every wish for a socket, passes before its route. */
function prepareRequests(
  app: NestExpressApplication,
  config: Config,
  log: Logger,
  limits: Limits,
): void {
  const policy = new OriginPolicy(config);
  const proxies = app.get(ProxyTrust);
  const admission = app.get(SocketAdmission);
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(
    requestLog(log),
    slowBodies(limits.connections.slowBody),
    safetyHeaders(config, proxies),
    requestLimits,
    tusProtocol,
    originRules(policy, proxies),
    tusDiscovery,
  );
  if (config.corsOrigins.length > 0)
    app.enableCors({
      origin: [...config.corsOrigins],
      credentials: true,
      exposedHeaders: TUS_ANSWER_HEADERS,
    });
  app.use(app.get(ShortDownloads).answer, jsonCompression, formerAddresses);
  if (config.webRoot !== null) app.use(webApp(config.webRoot));
  app.useWebSocketAdapter(
    new SocketAdapter(app, { policy, admission, proxies, log, limits: limits.sockets }),
  );
}

/** Addresses count as they are written: `/API/V1` is not ours. To be said before there is any route. */
function exactPaths(): Express {
  return express().enable('case sensitive routing');
}

/** What Node's server does before Express hears of a request. */
function prepareServer(app: NestExpressApplication, limits: ConnectionLimits): void {
  const server: HttpServer = app.getHttpServer();
  const proxies = app.get(ProxyTrust);
  holdInvitations(server);
  limitConnections(server, limits, proxies);
  limitUpgrades(server, app.get(SocketAdmission));
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

import type { IncomingMessage } from 'node:http';

import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { Logger } from 'pino';
import type { ServerOptions, WebSocket, WebSocketServer } from 'ws';

import { uuid7 } from '../database/uuid7';
import { requireDecentQuery, requireFewHeaders } from '../http/hostile-input';
import type { OriginPolicy } from '../http/origin-policy';
import { toDomainError, toProblem } from '../http/problem';
import type { ProxyTrust } from '../http/proxy-trust';
import { CloseCode } from './close-codes';
import type { SocketAdmission } from './socket-admission';
import { SocketCount, type SocketLimits } from './socket-limits';

/** Our sockets only send; what a client has to say fits in a few bytes. */
const MAXIMUM_FRAME_BYTES = 16 * 1024;
const MAXIMUM_FRAGMENTS = 64;
/** Pieces of a frame, as the network brings them: each costs memory beside its bytes. */
const MAXIMUM_CHUNKS = 256;
const CLOSE_WITHIN_MS = 1000;
const MINUTE_MS = 60_000;
/** How long a client is silent before its system is asked whether it is still there. */
const ASKED_AFTER_MS = 60_000;

/** What a client may say, of whatever kind: a ping costs an answer. */
const HEARD = ['message', 'ping', 'pong'] as const;

type Refuse = (
  isAdmitted: boolean,
  status?: number,
  body?: string,
  headers?: Record<string, string>,
) => void;

/** What of the server the adapter goes by. */
interface Surroundings {
  readonly policy: OriginPolicy;
  readonly admission: SocketAdmission;
  readonly proxies: ProxyTrust;
  readonly log: Logger;
  readonly limits: SocketLimits;
}

/**
 * Sockets under the rules of the contract: Host, Origin and access are checked before the upgrade, how
 * many there are and how much their clients say is limited (1008, 1009), a shutdown says so with 1001.
 * Frames are not compressed: for a thousand clients that would cost more than it saves.
 */
export class SocketAdapter extends WsAdapter {
  private readonly count: SocketCount;

  constructor(
    app: INestApplicationContext,
    private readonly around: Surroundings,
  ) {
    super(app);
    this.count = new SocketCount(around.limits);
  }

  override create(
    port: number,
    options: ServerOptions & { namespace?: string; server?: unknown },
  ): unknown {
    return super.create(port, {
      ...options,
      perMessageDeflate: false,
      maxPayload: MAXIMUM_FRAME_BYTES,
      maxFragments: MAXIMUM_FRAGMENTS,
      maxBufferedChunks: MAXIMUM_CHUNKS,
      verifyClient: ({ req }: { req: IncomingMessage }, done: Refuse) => {
        this.verify(req).then(
          () => done(true),
          (error: unknown) => this.refuse(error, req, done),
        );
      },
    });
  }

  /** What a client does wrong is no fault of ours: ws closes its socket, and the log is not filled with it. */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    const { log } = this.around;
    server.on('error', (error) => log.error({ err: error }, 'A server of sockets has failed.'));
    server.on('connection', (client: WebSocket) => {
      client.on('error', (error) => log.debug({ err: error }, 'A socket was closed.'));
      this.limitMessages(client);
    });
    return server;
  }

  override async close(server: WebSocketServer): Promise<void> {
    const closed = [...server.clients].map(
      (client) => new Promise((resolve) => client.once('close', resolve)),
    );
    for (const client of server.clients)
      client.close(CloseCode.goingAway, 'The server is stopping.');
    const limit = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
    await Promise.race([Promise.all(closed), limit]);
    await super.close(server);
  }

  private async verify(request: IncomingMessage): Promise<void> {
    const { policy, proxies, admission } = this.around;
    requireFewHeaders(request);
    requireDecentQuery(request.url ?? '/');
    policy.checkHost(request);
    policy.checkOrigin(request, proxies.protocolOf(request));
    // Whatever becomes of the upgrade, its connection ends some time.
    request.socket.once('close', this.count.take(proxies.addressOf(request)));
    // A telephone that left the house does not say goodbye.
    request.socket.setKeepAlive(true, ASKED_AFTER_MS);
    await admission.admit(request);
  }

  private limitMessages(client: WebSocket): void {
    let heard = 0;
    let minuteBegan = performance.now();
    const hear = () => {
      const now = performance.now();
      if (now - minuteBegan > MINUTE_MS) [heard, minuteBegan] = [0, now];
      if (++heard <= this.around.limits.messagesPerMinute) return;
      for (const kind of HEARD) client.off(kind, hear);
      client.close(CloseCode.policyViolation, 'These sockets only send.');
      // Whoever goes on talking is not waited for.
      setTimeout(() => client.terminate(), CLOSE_WITHIN_MS).unref();
    };
    for (const kind of HEARD) client.on(kind, hear);
  }

  /** Answers as the filter does over HTTP: the same problem, the same headers, the same log. */
  private refuse(thrown: unknown, request: IncomingMessage, done: Refuse): void {
    const error = toDomainError(thrown);
    const requestId = uuid7();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const said = { req: { id: requestId, method: request.method, path }, code: error.code };
    const { log } = this.around;
    if (error.status >= 500) log.error({ ...said, err: error.cause ?? error }, error.message);
    else log.debug(said, error.message);
    done(false, error.status, JSON.stringify(toProblem(error, path, requestId)), {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
      ...(error.retryAfterSeconds === undefined
        ? {}
        : { 'Retry-After': String(error.retryAfterSeconds) }),
    });
  }
}

import type { IncomingMessage } from 'node:http';

import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { Logger } from 'pino';
import type { ServerOptions, WebSocketServer } from 'ws';

import { uuid7 } from '../database/uuid7';
import type { OriginPolicy } from '../http/origin-policy';
import { toDomainError, toProblem } from '../http/problem';
import type { ProxyTrust } from '../http/proxy-trust';
import { CloseCode } from './close-codes';
import type { SocketAdmission } from './socket-admission';

/** Our sockets only send; what a client has to say fits in a few bytes. */
const MAXIMUM_FRAME_BYTES = 16 * 1024;
const CLOSE_WITHIN_MS = 1000;

type Refuse = (
  isAdmitted: boolean,
  status?: number,
  body?: string,
  headers?: Record<string, string>,
) => void;

/**
 * Sockets under the rules of the contract: Host, Origin and access are checked before the upgrade, a
 * shutdown says so with 1001. Frames are not compressed: for a thousand clients that would cost more
 * than it saves.
 */
export class SocketAdapter extends WsAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly policy: OriginPolicy,
    private readonly admission: SocketAdmission,
    private readonly log: Logger,
    private readonly proxies: ProxyTrust,
  ) {
    super(app);
  }

  override create(
    port: number,
    options: ServerOptions & { namespace?: string; server?: unknown },
  ): unknown {
    return super.create(port, {
      ...options,
      perMessageDeflate: false,
      maxPayload: MAXIMUM_FRAME_BYTES,
      verifyClient: ({ req }: { req: IncomingMessage }, done: Refuse) => {
        this.verify(req).then(
          () => done(true),
          (error: unknown) => this.refuse(error, req, done),
        );
      },
    });
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
    this.policy.checkHost(request);
    this.policy.checkOrigin(request, this.proxies.protocolOf(request));
    await this.admission.admit(request);
  }

  /** Answers as the filter does over HTTP: the same problem, the same headers, the same log. */
  private refuse(thrown: unknown, request: IncomingMessage, done: Refuse): void {
    const error = toDomainError(thrown);
    const requestId = uuid7();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const said = { req: { id: requestId, method: request.method, path }, code: error.code };
    if (error.status >= 500) this.log.error({ ...said, err: error.cause ?? error }, error.message);
    else this.log.debug(said, error.message);
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

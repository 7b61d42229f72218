import type { Server as HttpServer } from 'node:http';

import type { ProxyTrust } from './proxy-trust';
import type { SlowBodyLimits } from './slow-bodies';

/** For how long a connection may be held, and how many there may be. */
export interface ConnectionLimits {
  /** From the beginning of a connection, or of a request, to the end of its headers. */
  readonly headersWithinMs: number;
  readonly lookEveryMs: number;
  /** A connection on which nothing moves, in the middle of a request or an answer. */
  readonly idleClosedAfterMs: number;
  /** A connection between two requests. */
  readonly keepAliveMs: number;
  readonly connections: number;
  /** Of one address, unless it is that of a proxy that we trust. */
  readonly connectionsPerAddress: number;
  readonly slowBody: SlowBodyLimits;
}

/** Longer than a proxy in front keeps its side open, so that it never sends into a closing connection. */
const KEEP_ALIVE_MS = 65_000;

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersWithinMs: 30_000,
  lookEveryMs: 5000,
  idleClosedAfterMs: 120_000,
  keepAliveMs: KEEP_ALIVE_MS,
  connections: 8192,
  connectionsPerAddress: 4096,
  slowBody: { bytesPerSecond: 1000, graceMs: 30_000, lookEveryMs: 1000 },
};

/**
 * Node would end a request whose body takes longer than five minutes, however steadily it comes. A slow
 * upload is welcome; a connection on which nothing moves is not. To be called before the server listens.
 */
export function limitConnections(
  server: HttpServer,
  limits: ConnectionLimits,
  proxies: ProxyTrust,
): void {
  server.requestTimeout = 0;
  server.headersTimeout = limits.headersWithinMs;
  server.timeout = limits.idleClosedAfterMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  server.maxConnections = limits.connections;
  // Of Node's options the one that is no property in its types: how often headersTimeout is looked at.
  Object.assign(server, { connectionsCheckingInterval: limits.lookEveryMs });
  limitPerAddress(server, limits.connectionsPerAddress, proxies);
}

/** Nobody holds all connections by themselves: others come in beside them. */
function limitPerAddress(server: HttpServer, most: number, proxies: ProxyTrust): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    if (proxies.isProxy(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > most) socket.destroy();
  });
}

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

import { Inject, Injectable } from '@nestjs/common';
import proxyAddr from 'proxy-addr';

import { CONFIG, type Config } from '../config/config';

type Trust = (address: string, hop: number) => boolean;

/**
 * Who is calling, and how, where proxies may stand between. Their headers (`X-Forwarded-For`,
 * `X-Forwarded-Proto`) are believed only from the proxies that TRUST_PROXY names: anybody can send
 * such headers, and limits and the audit log go by these answers. Works for requests and upgrades alike.
 */
@Injectable()
export class ProxyTrust {
  private readonly trust: Trust;

  constructor(@Inject(CONFIG) config: Pick<Config, 'trustProxy'>) {
    this.trust = toTrust(config.trustProxy);
  }

  /**
   * The client's address: what the last proxy that we trust says, else the connection's own. Always an
   * IP address, an IPv4-mapped IPv6 one as IPv4; empty only when the connection is gone already.
   */
  addressOf(request: IncomingMessage): string {
    if (request.socket.remoteAddress === undefined) return '';
    const seen = proxyAddr.all(request, this.trust).map(toAddress);
    // A trusted proxy that says “unknown” or worse leaves us with the one that told us so.
    return seen.findLast((address) => address !== null) ?? '';
  }

  /** Whether a connection from an address is one of a proxy that is believed. */
  isProxy(address: string): boolean {
    return this.trust(address, 0);
  }

  /** The scheme that the client used; sockets have that of the page's requests too. */
  protocolOf(request: IncomingMessage): 'http' | 'https' {
    const told = this.toldProtocol(request);
    // Traefik names the schemes of sockets: wss, ws.
    if (told === 'https' || told === 'wss') return 'https';
    if (told === 'http' || told === 'ws') return 'http';
    // As Express tells it. To ask for the class would load all of TLS, which stands in front of this server.
    const { socket } = request;
    return 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http';
  }

  private toldProtocol(request: IncomingMessage): string | undefined {
    const address = request.socket.remoteAddress;
    if (address === undefined || !this.trust(address, 0)) return undefined;
    const [first] = String(request.headers['x-forwarded-proto'] ?? '').split(',');
    return first?.trim().toLowerCase();
  }
}

/** TRUST_PROXY as Express reads it: a number of hops, or a list of addresses and networks. */
function toTrust(trustProxy: Config['trustProxy']): Trust {
  if (trustProxy === null) return () => false;
  if (typeof trustProxy === 'number') return (_address, hop) => hop < trustProxy;
  return proxyAddr.compile(trustProxy.split(',').map((part) => part.trim()));
}

/** One form for one client; null for what is no address. Some proxies write the port behind it. */
function toAddress(text: string): string | null {
  const [, bracketed, withPort] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? [];
  const address = (bracketed ?? withPort ?? text).toLowerCase();
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1];
  if (mapped !== undefined && isIP(mapped) === 4) return mapped;
  return isIP(address) === 0 ? null : address;
}

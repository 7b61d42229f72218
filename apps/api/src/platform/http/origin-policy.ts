import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

import type { Config } from '../config/config';
import { DomainError } from './domain-error';
import { MalformedRequestError } from './http.errors';

const LOCAL_SUFFIXES = ['.local', '.lan', '.home.arpa', '.internal'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
/** What browsers say of a request that no page of ours has sent (Fetch Metadata, `Sec-Fetch-Site`); programs say nothing. */
const FOREIGN_SITES = ['cross-site', 'same-site'];
/** Uses (`Sec-Fetch-Dest`) in which what is fetched acts in, or for, the page that fetches it. */
const ACTIVE_USES = [
  'audioworklet',
  'embed',
  'frame',
  'iframe',
  'manifest',
  'object',
  'paintworklet',
  'script',
  'serviceworker',
  'sharedworker',
  'style',
  'worker',
  'xslt',
];

/**
 * Which names we answer to, and which pages may change something here. A page of another site can
 * make a browser send us requests, under its own name (DNS rebinding) or ours, and with the session of
 * who is signed in there: these rules keep it out. The contract, section Accounts, has them.
 */
export class OriginPolicy {
  private readonly publicHost: string | null;
  private readonly machineName = hostname().toLowerCase();

  constructor(private readonly config: Pick<Config, 'publicUrl' | 'corsOrigins'>) {
    this.publicHost = config.publicUrl === null ? null : new URL(config.publicUrl).host;
  }

  /** @throws DomainError `access.unknown_host` (421), MalformedRequestError when there are several hosts */
  checkHost(request: IncomingMessage): void {
    // RFC 9112, section 3.2. Node takes the first one; a proxy in front may have gone by another.
    if ((request.headersDistinct['host'] ?? []).length > 1) throw new MalformedRequestError();
    const host = request.headers.host ?? '';
    if (host === this.publicHost) return;
    const name = hostnameOf(host);
    if (name !== null && (isIP(name) !== 0 || this.isLocalName(name))) return;
    throw new DomainError(
      'access.unknown_host',
      421,
      'HomeServer does not answer under this name. Open it by its address, by a name of your home network, or set PUBLIC_URL to the name that it should have.',
    );
  }

  /** For requests that change something. @throws DomainError `access.cross_site` (403) */
  checkOriginOfChange(request: IncomingMessage, protocol: string): void {
    if (!SAFE_METHODS.includes(request.method ?? '')) this.checkOrigin(request, protocol);
  }

  /** For sockets, which browsers open across sites. @throws DomainError `access.cross_site` (403) */
  checkOrigin(request: IncomingMessage, protocol: string): void {
    const { origin, host } = request.headers;
    const isForeign = FOREIGN_SITES.includes(request.headers['sec-fetch-site'] ?? '');
    if (origin === undefined && !isForeign) return;
    if (origin === `${protocol}://${host}`) return;
    // Behind a proxy that ends TLS the scheme of the request is not that of the page.
    if (origin === this.config.publicUrl && host === this.publicHost) return;
    if (origin !== undefined && this.config.corsOrigins.includes(origin)) return;
    throw new DomainError(
      'access.cross_site',
      403,
      'A page of another site must not do this here. If it is meant to, add its origin to CORS_ORIGINS.',
    );
  }

  /**
   * Nothing under /api/ is made to act in a page: a script or a style that somebody has stored stays a
   * file, also where the content security policy would take it for one of our own origin.
   * @throws DomainError `access.not_embeddable` (403)
   */
  checkUse(request: IncomingMessage): void {
    const use = request.headers['sec-fetch-dest'];
    if (typeof use !== 'string' || !ACTIVE_USES.includes(use)) return;
    if (!request.url?.startsWith('/api/')) return;
    throw new DomainError(
      'access.not_embeddable',
      403,
      'A page must not run or embed what is stored here. Open it by itself, or download it.',
    );
  }

  private isLocalName(name: string): boolean {
    return (
      name === 'localhost' ||
      name === this.machineName ||
      !name.includes('.') ||
      LOCAL_SUFFIXES.some((suffix) => name.endsWith(suffix))
    );
  }
}

/** The name or address in a Host header, without port and brackets; null when it is none. */
function hostnameOf(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? null : name.toLowerCase().replace(/\.$/, '');
}

import type { IncomingMessage } from 'node:http';

import type { RequestHandler } from 'express';

import type { Config } from '../config/config';
import type { ProxyTrust } from './proxy-trust';
import { isServerPath } from './web-app';

/** What is no page may load nothing, whatever a browser takes it for. */
const API_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The web app runs its own files alone, and hands text to the DOM's dangerous places only through the
 * sanitizers of Angular (`angular`) and of the CDK. Inline styles have to be allowed: Angular puts
 * the styles of components into the page as elements; with a nonce, no web server could serve the page
 * as a file. deploy/Caddyfile says the same.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types angular angular#components',
].join('; ');

/** Swagger UI writes styles into its page; its script is a file of its own. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What of a browser's abilities we use, and what nobody does here, not even a script that should not be. */
const PERMISSIONS_POLICY = [
  'accelerometer=()',
  'camera=()',
  'display-capture=()',
  'geolocation=()',
  'gyroscope=()',
  'hid=()',
  'magnetometer=()',
  'microphone=()',
  'midi=()',
  'payment=()',
  'serial=()',
  'usb=()',
  'xr-spatial-tracking=()',
  'publickey-credentials-create=(self)',
  'publickey-credentials-get=(self)',
].join(', ');

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;
const HSTS_SECONDS = 365 * 24 * 3600;

/** What every answer says of itself: its type is meant, and no other page may frame it. */
export function safetyHeaders(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  proxies: ProxyTrust,
): RequestHandler {
  const publicHost = publicUrl === null ? null : new URL(publicUrl).host;
  return (request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Frame-Options', 'DENY');
    response.setHeader('Content-Security-Policy', policyOf(request.path));
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    if (isTrustworthy(request, proxies))
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Permissions-Policy', PERMISSIONS_POLICY);
    // A browser that was told this of a name goes there by HTTPS alone, on every port: said of a name of
    // the home network it would close the plain one too. PUBLIC_URL is the one that is meant to have it.
    if (request.headers.host === publicHost && proxies.protocolOf(request) === 'https')
      response.setHeader('Strict-Transport-Security', `max-age=${HSTS_SECONDS}`);
    if (request.path.startsWith('/api/')) response.setHeader('Cache-Control', 'private, no-cache');
    next();
  };
}

/** Where browsers heed an opener policy: Secure Contexts, section 3.1. Elsewhere they complain of it on every page. */
function isTrustworthy(request: IncomingMessage, proxies: ProxyTrust): boolean {
  const host = request.headers.host ?? '';
  return proxies.protocolOf(request) === 'https' || LOOPBACK.test(host);
}

/** By the path and before anything else, so that a 304, which renews what a browser has kept, says the same. */
function policyOf(path: string): string {
  if (/^\/docs(\/|$)/.test(path)) return DOCS_POLICY;
  return isServerPath(path) ? API_POLICY : PAGE_POLICY;
}

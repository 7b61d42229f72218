import type { Request, RequestHandler } from 'express';

import { CHECKSUM_ALGORITHMS, TUS_EXTENSIONS, TUS_MAXIMUM_BYTES, TUS_VERSION } from './tus-headers';

const UPLOADS = '/api/v1/uploads';
/** Not HEAD: whoever sent another method would wait for the body of the answer. */
const OVERRIDES = ['POST', 'PATCH', 'DELETE', 'OPTIONS'];

/** Headers of answers that a page of another origin has to see. */
export const TUS_ANSWER_HEADERS = [
  'Location',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Metadata',
  'Upload-Expires',
  'Tus-Resumable',
  'Tus-Version',
  'Tus-Extension',
  'Tus-Max-Size',
  'Tus-Checksum-Algorithm',
  'Homeserver-File-Id',
  'Retry-After',
];

/**
 * What every answer says, also one that refuses. And for clients behind something that knows no PATCH: the protocol
 * lets them name the method in a header. To be called before anybody goes by the method, such as whoever keeps other
 * origins from changing something.
 */
export const tusProtocol: RequestHandler = (request, response, next) => {
  if (isUpload(request)) {
    response.setHeader('Tus-Resumable', TUS_VERSION);
    response.setHeader('Tus-Version', TUS_VERSION);
    response.setHeader('Cache-Control', 'no-store');
    const method = request.headers['x-http-method-override'];
    if (typeof method === 'string' && OVERRIDES.includes(method.toUpperCase()))
      request.method = method.toUpperCase();
  }
  next();
};

/** What the server can do (OPTIONS). */
export const tusDiscovery: RequestHandler = (request, response, next) => {
  if (!isUpload(request) || request.method !== 'OPTIONS') {
    next();
    return;
  }
  response.setHeader('Tus-Extension', TUS_EXTENSIONS.join(','));
  response.setHeader('Tus-Max-Size', String(TUS_MAXIMUM_BYTES));
  response.setHeader('Tus-Checksum-Algorithm', CHECKSUM_ALGORITHMS.join(','));
  // What a browser asks before a call of another origin is answered by who knows those.
  if (request.headers['access-control-request-method'] !== undefined) next();
  else response.status(204).end();
};

function isUpload({ path }: Request): boolean {
  return path === UPLOADS || path.startsWith(`${UPLOADS}/`);
}

import compression from 'compression';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

import { uuid7 } from '../database/uuid7';
import { requireDecentQuery, requireFewHeaders } from './hostile-input';
import type { OriginPolicy } from './origin-policy';
import { sendProblem } from './problem';
import type { ProxyTrust } from './proxy-trust';

const COMPRESS_FROM_BYTES = 2048;

/** Gives each request its id and its log. Only what failed is logged by default; the rest at level debug. */
export function requestLog(logger: Logger): RequestHandler {
  const log = pinoHttp({
    logger,
    genReqId: (_request, response) => {
      const id = uuid7();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customLogLevel: (_request, _response, error) => (error === undefined ? 'debug' : 'warn'),
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
  return (request, response, next) => {
    log(request, response, next);
  };
}

/** Holds the contract's Host and Origin rules, and that of use, for everything that comes over HTTP. */
export function originRules(policy: OriginPolicy, proxies: ProxyTrust): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    try {
      policy.checkHost(request);
      policy.checkUse(request);
      policy.checkOriginOfChange(request, proxies.protocolOf(request));
      next();
    } catch (error) {
      sendProblem(request, response, error);
    }
  };
}

/** Refuses what no call needs, before anybody looks at it. */
export const requestLimits: RequestHandler = (request, response, next) => {
  try {
    requireFewHeaders(request);
    requireDecentQuery(request.url);
    next();
  } catch (error) {
    sendProblem(request, response, error);
  }
};

/** JSON of some size is compressed; files are sent as they are. */
export const jsonCompression: RequestHandler = compression({
  threshold: COMPRESS_FROM_BYTES,
  filter: (_request, response) => /json/.test(String(response.getHeader('Content-Type'))),
});

import type { Logger } from 'pino';

import type { Actor } from '../access/actor';

declare module 'express-serve-static-core' {
  interface Request {
    /** The request id: in the log, in problems, in the header X-Request-Id. */
    id: string;
    log: Logger;
    /** Set by the access guard on routes that are not public. */
    actor?: Actor;
  }
}

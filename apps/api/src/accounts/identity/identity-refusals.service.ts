import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { DomainError } from '../../platform/http/domain-error';
import { LOGGER } from '../../platform/logging/logging.module';
import { IdentityRefusedError } from './identity.errors';

/** What belongs into a page that people look at, and not into an answer that programs read. */
const TOLD_IN_PAGES = [403, 409];

/** A browser that was led away is to see a page again, also when nothing came of it. */
@Injectable()
export class IdentityRefusals {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /**
   * The page that tells what was wrong.
   * @param page a path of ours, which reads the code from its address
   * @throws the error itself when it is none of those that people can do something about
   */
  addressFor(error: unknown, page: string): string {
    if (!(error instanceof DomainError) || !TOLD_IN_PAGES.includes(error.status)) throw error;
    if (error instanceof IdentityRefusedError)
      this.logger.warn(
        { reason: reasonsOf(error.cause) },
        'A sign-in by the identity provider did not come to its end.',
      );
    // Only its path and its query are taken; the rest is there because an address has one.
    const address = new URL(page, 'http://localhost');
    address.searchParams.set('problem', error.code);
    return address.pathname + address.search;
  }
}

/** Words alone: what such errors carry beside may be tokens. */
function reasonsOf(error: unknown, depth = 3): string[] {
  if (!(error instanceof Error) || depth === 0) return [];
  const told = 'error_description' in error ? [String(error.error_description)] : [];
  return [error.message, ...told, ...reasonsOf(error.cause, depth - 1)];
}

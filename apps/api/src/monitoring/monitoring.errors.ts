import { DomainError } from '../platform/http/domain-error';

const RETRY_AFTER_SECONDS = 5;

/** There is no sample to give: the machine could not be read, or the server is stopping. */
export class MonitoringUnavailableError extends DomainError {
  constructor(cause?: unknown) {
    super(
      'monitoring.unavailable',
      503,
      'The machine cannot be read at the moment. HomeServer keeps trying; try again soon.',
      { retryAfterSeconds: RETRY_AFTER_SECONDS, cause },
    );
  }
}

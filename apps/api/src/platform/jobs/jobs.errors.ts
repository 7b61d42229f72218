import { DomainError } from '../http/domain-error';

export class JobNotFoundError extends DomainError {
  constructor() {
    super('jobs.not_found', 404, 'There is no such job. Those that are over are kept for a week.');
  }
}

export class JobOverError extends DomainError {
  constructor() {
    super('jobs.over', 409, 'This job is over already. There is nothing to cancel.');
  }
}

export class JobNotCancellableError extends DomainError {
  constructor() {
    super(
      'jobs.not_cancellable',
      409,
      'What this job removes is deleted already, and cannot be kept by cancelling it.',
    );
  }
}

/** Another process works on the job: this one was thought to be dead. For handlers, never for callers. */
export class JobLostError extends Error {
  constructor() {
    super('Another process has taken the job over.');
  }
}

import { errorCode } from '../filesystem/error-code';
import { DomainError } from '../http/domain-error';

/** Node's codes for a server that is not there, and PostgreSQL's classes 08, 53, 57P and 58. */
const AWAY_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|08...|53...|57P0.|58...)$/;
const AWAY_MESSAGES =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error/;

const UNIQUE_VIOLATION = '23505';
const RETRY_AFTER_SECONDS = 5;

/** The database cannot be reached: nothing was changed, the call may be tried again. */
export class DatabaseUnavailableError extends DomainError {
  constructor(cause: unknown) {
    super(
      'database.unavailable',
      503,
      'The database cannot be reached at the moment. HomeServer goes on by itself when it is back; try again soon.',
      { retryAfterSeconds: RETRY_AFTER_SECONDS, cause },
    );
  }
}

/** Whether an error of the driver, however wrapped, means that the database is away. */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (AWAY_CODES.test(errorCode(error))) return true;
  if ('message' in error && AWAY_MESSAGES.test(String(error.message))) return true;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isDatabaseAway);
  return 'driverError' in error && isDatabaseAway(error.driverError);
}

/** Whether a statement failed by what it writes, or beside what others write: PostgreSQL's classes 22, 23, 40 and P0. */
export function isAboutData(error: unknown): boolean {
  return /^(22|23|40|P0)...$/.test(errorCode(error));
}

/** Whether a statement failed because a unique index has such a row already. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  if (errorCode(error) !== UNIQUE_VIOLATION || typeof error !== 'object' || error === null)
    return false;
  const source = 'driverError' in error ? error.driverError : error;
  return (
    typeof source === 'object' &&
    source !== null &&
    'constraint' in source &&
    source.constraint === index
  );
}

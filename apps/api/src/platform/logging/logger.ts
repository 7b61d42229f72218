import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** What a failed statement carries with it beside its words: hashes of passwords, secrets, whole rows. */
const VALUES = ['parameters', 'detail', 'where', 'driverError.detail', 'driverError.where'];

/**
 * The server's log: JSON lines for programs, readable lines where a person looks on. The values of statements
 * that failed do not get into it.
 * @param destination instead of the standard output
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: VALUES.flatMap((value) => [`err.${value}`, `err.aggregateErrors[*].${value}`]),
      remove: true,
    },
  };
  if (destination !== undefined) return pino(options, destination);
  if (!process.stdout.isTTY) return pino(options);
  return pino(
    options,
    pretty({ colorize: true, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'reqId' }),
  );
}

/** Nest's own messages go the same way; what it says of its start is of interest to developers only. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.logger.debug(String(message));
  }

  debug(message: unknown): void {
    this.logger.debug(String(message));
  }

  verbose(message: unknown): void {
    this.logger.trace(String(message));
  }

  warn(message: unknown): void {
    this.logger.warn(String(message));
  }

  error(message: unknown, stack?: unknown): void {
    this.logger.error(
      { err: message instanceof Error ? message : undefined, stack },
      String(message),
    );
  }
}

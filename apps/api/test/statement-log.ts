import { jest } from '@jest/globals';
import pg from 'pg';

/**
 * What goes on in the background at any time: the event log's publisher and its followers, totals, jobs, the
 * heartbeat, the look at whether those who listen still may.
 */
const BACKGROUND =
  /event_outbox|event_position|from events|LISTEN|folder_totals_changes|from jobs j|where [st]\.id = any \(\$1\)|^update drives set|tolerated_count|pg_try_advisory_xact_lock|^select 1$|^(START|SET) TRANSACTION|^COMMIT/i;

/** The statements that the application sends to its database, without their values. */
export class StatementLog {
  private readonly statements: string[] = [];
  private readonly spy: { mockRestore(): void };

  constructor() {
    const query: (...parameters: unknown[]) => unknown = Reflect.get(pg.Client.prototype, 'query');
    const { statements } = this;
    this.spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function log(
      this: unknown,
      ...parameters: unknown[]
    ) {
      statements.push(textOf(parameters[0]));
      return Reflect.apply(query, this, parameters);
    });
  }

  /** The statements since the last time that it was asked. */
  take(): string[] {
    return this.statements.splice(0).filter((statement) => !BACKGROUND.test(statement));
  }

  stop(): void {
    this.spy.mockRestore();
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  if (typeof query === 'object' && query !== null && 'text' in query) return String(query.text);
  return '';
}

import 'reflect-metadata';

import path from 'node:path';

import { ConfigError, readConfig } from './platform/config/config';
import { DataDirInUseError } from './platform/database/data-dir-lock';
import { createLogger } from './platform/logging/logger';
import { forgetTheStart } from './platform/memory/collect-garbage';
import { Server, StartError } from './server';

const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..');

/** A database that hangs must not keep us for ever. */
const STOP_WITHIN_MS = 60_000;

async function main(): Promise<void> {
  // A terminal that is gone must not end us before we have stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const config = readConfig(process.env, repositoryRoot);
  const logger = createLogger(config.logLevel);
  for (const name of config.withoutEffect)
    logger.warn(`${name} is set, but has no effect in this version.`);

  const stopping = new AbortController();
  const starting = Server.start(config, logger, stopping.signal);
  const stop = async () => {
    // A terminal and the launcher may both say so.
    if (stopping.signal.aborted) return;
    stopping.abort();
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    process.stdout.write('HomeServer is stopping.\n');
    const server = await starting.catch(() => null); // what was begun has been undone then
    await server?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => void stop());
  // The launcher is gone, however it ended.
  process.on('disconnect', () => void stop());

  try {
    const { port, setupToken } = await starting;
    forgetTheStart();
    if (stopping.signal.aborted) return;
    const address = `http://localhost:${port}`;
    if (setupToken !== null) {
      process.stdout.write(
        `Open ${address}/setup to make the first administrator. The set-up token is ${setupToken}\n`,
      );
    }
    process.stdout.write(`HomeServer ${config.version} is ready at ${address}\n`);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exit(1);
});

function wordsFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isForPeople = [ConfigError, DataDirInUseError, StartError].some(
    (kind) => error instanceof kind,
  );
  return isForPeople ? error.message : (error.stack ?? error.message);
}

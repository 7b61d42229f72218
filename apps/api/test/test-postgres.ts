import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Client } from 'pg';

import { migrate } from '../src/platform/database/data-source';
import {
  embeddedPostgresBinaries,
  type PostgresBinaries,
} from '../src/platform/database/embedded-postgres/postgres-binaries';
import { PostgresSupervisor } from '../src/platform/database/embedded-postgres/postgres-supervisor';

/** A PostgreSQL of the tests' own, whose database `homeserver` is migrated and serves as the template. */
export class TestPostgres {
  private constructor(
    private readonly supervisor: PostgresSupervisor,
    private readonly dataDir: string,
  ) {}

  /** @param binariesFolder of another PostgreSQL than the embedded one; its database has the locale of somebody else */
  static async start(binariesFolder: string | undefined): Promise<TestPostgres> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-postgres-'));
    const binaries = binariesFolder ? binariesAt(binariesFolder) : await embeddedPostgresBinaries();
    const supervisor = await PostgresSupervisor.start({
      dataDir,
      binaries,
      onEvent: () => undefined,
    });
    if (binariesFolder) await remakeWithAnotherLocale(supervisor.url);
    await migrate(supervisor.url);
    return new TestPostgres(supervisor, dataDir);
  }

  get url(): string {
    return this.supervisor.url;
  }

  async stop(): Promise<void> {
    await this.supervisor.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** An external database comes with whatever locale its owner chose: nothing of ours may depend on it. */
async function remakeWithAnotherLocale(url: string): Promise<void> {
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = new Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query('drop database homeserver');
    await client.query(
      `create database homeserver template template0 locale_provider icu icu_locale 'de-DE'`,
    );
  } finally {
    await client.end();
  }
}

function binariesAt(folder: string): PostgresBinaries {
  const version = execFileSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return { folder, majorVersion: Number(/(\d+)/.exec(version)?.[1]) };
}

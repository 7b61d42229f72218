import { Client } from 'pg';

import { uuid7 } from '../src/platform/database/uuid7';

/** A database of one test file, cloned from the migrated template. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database with the schema of this version. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase('homeserver');
}

/** A database with nothing in it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template1');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const templateUrl = process.env['TEST_TEMPLATE_URL'];
  if (templateUrl === undefined)
    throw new Error('Integration tests run by their own jest configuration.');
  const name = `test_${uuid7().replaceAll('-', '')}`;
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  // Two workers that clone at once are in each other's way: PostgreSQL wants the template for itself.
  await runOnServer(
    templateUrl,
    `select pg_advisory_lock(1); create database ${name} template ${template}`,
  );
  return {
    url: url.href,
    drop: () => runOnServer(templateUrl, `drop database if exists ${name} with (force)`),
  };
}

async function runOnServer(templateUrl: string, statements: string): Promise<void> {
  const url = new URL(templateUrl);
  url.pathname = '/postgres';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    for (const statement of statements.split(';')) await client.query(statement);
  } finally {
    await client.end();
  }
}

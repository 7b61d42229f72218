import { Client } from 'pg';

import { ChangeLog } from '../../indexing/change-log.repository';
import { FileReading } from '../../indexing/file-reading.adapter';
import { IndexStore } from '../../indexing/index-store.repository';
import { FileVerifier } from '../file-verifier';
import { VerificationStore } from '../verification-store.repository';
import type { CheckMeans } from './check-command';
import { CheckStore } from './check-store.repository';

/** Somebody waits for it. */
const READING_SHARE = 1;

/** Does something with a connection of its own to the database. */
export async function withCheckMeans<Result>(
  databaseUrl: string,
  work: (means: CheckMeans) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'homeserver check',
    keepAlive: true,
  });
  await client.connect();
  try {
    const stores = { store: new IndexStore(client), log: new ChangeLog(client) };
    return await work({
      store: new CheckStore(client),
      verifier: new FileVerifier(
        new VerificationStore(client),
        stores,
        new FileReading(READING_SHARE),
      ),
    });
  } finally {
    await client.end();
  }
}

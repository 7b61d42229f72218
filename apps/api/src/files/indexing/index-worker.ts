import { parentPort, workerData } from 'node:worker_threads';

import { Client } from 'pg';
import * as z from 'zod';

import { forgetTheStart } from '../../platform/memory/collect-garbage';
import { IndexThread } from './index-thread';

/** The thread of the index: reads disks and writes rows, so that those who answer people never wait for either. */
const { databaseUrl } = z.object({ databaseUrl: z.string() }).parse(workerData);
const port = parentPort;
if (port === null) throw new Error('The index runs in a thread of its own.');
const client = new Client({
  connectionString: databaseUrl,
  application_name: 'homeserver index',
  keepAlive: true,
});
// Told by the statement that fails, too; without this it would end the process.
client.on('error', () => process.exit(1));
await client.connect();
forgetTheStart();
await new IndexThread(client, port).run();

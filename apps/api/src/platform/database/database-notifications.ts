import { setTimeout as delay } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import { Client } from 'pg';
import type { Logger } from 'pino';

import { LOGGER } from '../logging/logging.module';
import { DatabaseSockets } from './database-sockets';
import { DATABASE_URL } from './database-url';

const RECONNECT_MS = 1000;

/** Hears what any process says by NOTIFY, over a connection of its own. */
@Injectable()
export class DatabaseNotifications {
  private client: Client | null = null;
  private isStopped = false;

  constructor(
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
    private readonly sockets: DatabaseSockets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Calls `onNotify` for each notification on a channel, and once each time the connection was made: what
   * was said before was not heard.
   */
  async listen(channel: string, onNotify: () => void): Promise<void> {
    if (this.isStopped) return;
    const client = new Client({
      connectionString: this.databaseUrl,
      keepAlive: true,
      stream: this.sockets.make,
    });
    this.client = client;
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.on('error', () => resolve());
    });
    void ended
      .then(() => delay(RECONNECT_MS, undefined, { ref: false }))
      .then(() => this.listen(channel, onNotify));
    client.on('notification', onNotify);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      onNotify();
    } catch (error) {
      this.logger.debug(
        { err: error },
        'Notifications of the database are not heard at the moment.',
      );
      await client.end();
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.client?.end();
  }
}

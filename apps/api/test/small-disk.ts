import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createTestDatabase } from './test-database';
import { startTestApp, type TestApp } from './test-app';

/** A server whose default drive is a disk of its own, which is full soon. */
export class ServerOnSmallDisk {
  private constructor(readonly server: TestApp) {}

  /** @param options of tmpfs, such as `size=4m` or `nr_inodes=40` */
  static async start(options: string): Promise<ServerOnSmallDisk> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-small-'));
    const files = path.join(dataDir, 'files');
    await mkdir(files);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', files]);
    const database = await createTestDatabase();
    return new ServerOnSmallDisk(await startTestApp({}, { database, config: { dataDir } }));
  }

  async end(): Promise<void> {
    await this.server.stop();
    execFileSync('umount', [this.server.filesFolder]);
    await this.server.database.drop();
    await rm(this.server.config.dataDir, { recursive: true });
  }
}

import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { describeNeeding } from '../../../test/capabilities';
import { DiskImage } from '../../../test/disk-image';
import { IndexedDisk } from '../../../test/indexed-disk';
import { drawPlay, Stage, tellPlay } from '../../../test/reorganisation-play';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database';

const isLong = process.env['LONG'] === '1';
const SEEDS = Array.from({ length: isLong ? 2000 : 40 }, (_, seed) => seed);
const SEEDS_WITHOUT_INODES = SEEDS.slice(0, 10);

describe('the index of a disk that was reorganised outside', () => {
  let database: TestDatabase;
  let client: Client;
  let disk: IndexedDisk;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  afterEach(() => disk.remove());

  it.each(SEEDS)('should keep ids and tags when it learns of it, seed %d', async (seed) => {
    disk = await IndexedDisk.create(client);
    const play = drawPlay(seed);

    const faults = await new Stage(client, disk, play).perform();

    expect({ play: tellPlay(play), faults }).toEqual({ play: tellPlay(play), faults: [] });
  });

  describeNeeding('exfat', 'without inodes that last', () => {
    let image: DiskImage;
    let place: string;

    beforeAll(async () => {
      place = await mkdtemp(path.join(tmpdir(), 'homeserver-reorganised-'));
      image = new DiskImage('exfat');
      image.mount(place);
    });
    afterAll(async () => {
      image.remove();
      await rmdir(place);
    });

    it.each(SEEDS_WITHOUT_INODES)(
      'should equal the disk when it learns of it, seed %d',
      async (seed) => {
        disk = await IndexedDisk.create(client, {
          place: await mkdtemp(path.join(place, 'drive-')),
        });
        const play = drawPlay(seed, false);

        const faults = await new Stage(client, disk, play, false).perform();

        expect({ play: tellPlay(play), faults }).toEqual({ play: tellPlay(play), faults: [] });
      },
    );
  });
});

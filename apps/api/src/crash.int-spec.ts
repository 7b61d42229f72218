import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { eventPageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../test/capabilities';
import { Dice } from '../test/dice';
import { DiskImage } from '../test/disk-image';
import { read } from '../test/files-client';
import { Household } from '../test/household';
import {
  expectPromisesKept,
  expectTrashComesBack,
  type Home,
  listAll,
} from '../test/household-checks';
import { ServerProcess } from '../test/server-process';
import { tokenOf } from '../test/sign-in';
import { ADMINISTRATOR } from '../test/test-app';

const CRASHES = process.env['LONG'] === '1' ? 30 : 3;
const FIRST_SEED = Number(process.env['CRASH_SEED'] ?? 20261124);
const SEEDS = Array.from({ length: CRASHES }, (_, turn) => FIRST_SEED + turn);
const WORKERS = 4;
const MOST_ANSWERS = 300;
const CALL_MS = 20;
const CRASH_TIMEOUT_MS = 120_000;
const DISK_SIZE = 4 * 1024 ** 3;

/** How the server ends: resolves when nothing of it runs any more. */
type Crash = (server: ServerProcess, household: Household) => Promise<void>;

/** A server and a household that works on it, through all crashes of a kind. */
class Story {
  readonly household = new Household();
  private server: ServerProcess | null = null;
  private token = '';

  private constructor(private readonly dataDir: string) {}

  static async begin(dataDir: string): Promise<Story> {
    const story = new Story(dataDir);
    await story.start();
    story.token = await tokenOf(story.home.url, ADMINISTRATOR);
    return story;
  }

  get home(): Home {
    const filesFolder = path.join(this.dataDir, 'files');
    return { url: this.server?.url ?? '', token: this.token, filesFolder };
  }

  /** Lets the household work until a moment that the seed gives, ends the server, and starts it again. */
  async crash(seed: number, crash: Crash): Promise<void> {
    if (this.server === null) throw new Error('There is no server.');
    this.household.moveTo(this.home);
    const work = Array.from({ length: WORKERS }, async (_, worker) =>
      this.household.work(worker, seed),
    );
    const dice = new Dice(`moment ${seed}`);
    await this.household.answered(Math.ceil(dice.next() * MOST_ANSWERS));
    // Somewhere in the middle of the next call: what the test is about, not what it waits for.
    await delay(dice.next() * CALL_MS);
    await crash(this.server, this.household);
    await Promise.all(work);
    await this.start();
    this.household.moveTo(this.home);
  }

  async start(): Promise<void> {
    this.server = await ServerProcess.start({ DATA_DIR: this.dataDir, DATABASE_URL: '' });
  }

  async end(): Promise<void> {
    await this.server?.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** The same for every way to end: what was promised is kept, crash for crash. */
function shouldKeepPromises(openStory: () => Promise<Story>, crash: Crash): void {
  let story: Story;

  beforeAll(async () => {
    story = await openStory();
  });

  afterAll(async () => {
    await story.end();
  });

  it.each(SEEDS)(
    'should have kept every promise when that happens at a moment of seed %i',
    async (seed) => {
      await story.crash(seed, crash);
      try {
        expect(story.household.refusals).toEqual([]);
        await expectPromisesKept(story.household, story.home);
      } finally {
        story.household.settle();
      }
    },
    CRASH_TIMEOUT_MS,
  );

  it('should have told of every file that is there, in a log without gaps', async () => {
    const created = await filesThatWereCreated(story.home);
    for (const file of await listAll(story.home))
      expect(created.has(`files/${file.id}`)).toBe(true);
  });

  it('should bring back all that is in the trash', async () => {
    await expectTrashComesBack(story.household, story.home);
  });
}

describe('a server that is killed while people work', () => {
  shouldKeepPromises(
    async () => Story.begin(await mkdtemp(path.join(tmpdir(), 'homeserver-test-crash-'))),
    async (server) => server.kill(),
  );
});

describe('a server that is killed together with its database', () => {
  shouldKeepPromises(
    async () => Story.begin(await mkdtemp(path.join(tmpdir(), 'homeserver-test-crash-'))),
    async (server) => server.killAll(),
  );
});

describeNeeding('disk-image', 'a machine whose power fails', () => {
  let disk: DiskImage;

  beforeAll(() => {
    disk = new DiskImage('ext4', DISK_SIZE);
  });

  afterAll(() => {
    disk.remove();
  });

  shouldKeepPromises(
    async () => {
      const place = await mkdtemp(path.join(tmpdir(), 'homeserver-test-power-'));
      disk.mount(place);
      return Story.begin(path.join(place, 'data'));
    },
    async (server, household) => {
      household.expectFailures();
      disk.cutPower();
      await server.killAll();
      disk.remount();
    },
  );
});

describe('a server that is stopped', () => {
  it('should end cleanly, and have its files when it is started again', async () => {
    const story = await Story.begin(await mkdtemp(path.join(tmpdir(), 'homeserver-test-stop-')));
    try {
      await story.crash(FIRST_SEED, async (server, household) => {
        household.expectFailures();
        expect(await server.stop()).toBe(0);
      });
      await expectPromisesKept(story.household, story.home);
    } finally {
      await story.end();
    }
  });
});

async function filesThatWereCreated(home: Home): Promise<Set<string>> {
  const created = new Set<string>();
  let last = 0;
  for (let cursor: string | null = '0'; cursor !== null;) {
    const page: {
      items: { id: string; type: string; subject: string }[];
      nextCursor: string | null;
    } = await read(home, `/api/v1/events?limit=1000&cursor=${cursor}`, eventPageSchema);
    for (const event of page.items) {
      expect(Number(event.id)).toBe(last + 1);
      last = Number(event.id);
      if (event.type === 'homeserver.file.created') created.add(event.subject);
    }
    cursor = page.nextCursor;
  }
  return created;
}

import { createHash } from 'node:crypto';
import {
  appendFile,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';

import { eventPageSchema, type FileMetadata, fileVersionPageSchema } from '@homeserver/dto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { postUpload, read, readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { callTus, encodeMetadata } from '../../../test/tus-client';

const VERSION = '0198c0de-6f2a-7c5b-9a51-0d5a3b1f2e4c';
const EARLIER = 'earlier';
const LATER = 'and later';

/** Each test lays what a crash between two steps of a replacement leaves, and starts again on it. */
describe('recovery of replacements', () => {
  let server: TestApp;
  let file: FileMetadata;

  beforeEach(async () => {
    server = await startTestApp();
    file = await upload(server, { name: 'a.txt', content: EARLIER });
  });

  afterEach(async () => {
    await server.close();
  });

  const final = () => path.join(server.filesFolder, 'a.txt');
  const own = (...place: string[]) => path.join(server.filesFolder, '.homeserver', ...place);
  const staged = () => own('staging', 'staged');
  const kept = () => own('versions', file.id, VERSION);

  /** Writes the intent: the row of a file that is about to get what is staged. */
  async function begin(stagedName = 'staged'): Promise<void> {
    const at = own('staging', stagedName);
    // As the storage tells it: without `bigint` the time is rounded.
    const { size, mtime, ino } = await stat(at, { bigint: true });
    const sha256 = createHash('sha256')
      .update(await readFile(at))
      .digest('hex');
    const replacement = {
      versionId: VERSION,
      size: Number(size),
      sha256,
      contentType: 'text/plain',
      modifiedAt: mtime.toISOString(),
      inode: String(ino),
      birthNs: null,
      scan: null,
      by: 'anna',
    };
    const holder = (await readFile(path.join(server.config.dataDir, 'instance-id'), 'utf8')).trim();
    await server.stop();
    await query(
      server.database.url,
      `update file_metadata set state = 'replacing', staged_name = $2, replacement = $3, lease_holder = $4,
         lease_until = now() + interval '1 hour' where id = $1`,
      [file.id, stagedName, replacement, holder],
    );
    await mkdir(own('versions', file.id), { recursive: true });
  }

  async function beginStaged(): Promise<void> {
    await writeFile(staged(), LATER);
    await begin();
  }

  async function restart(): Promise<void> {
    server = await startTestApp({}, server);
  }

  const versions = async () =>
    (await read(server, `/api/v1/files/${file.id}/versions`, fileVersionPageSchema)).items;
  const contentOf = async (route: string) =>
    (await fetch(`${server.url}/api/v1/files/${file.id}/${route}`)).text();

  async function expectSettled(): Promise<void> {
    expect(
      await query(
        server.database.url,
        `select 1 from file_metadata where state not in ('live', 'trash')`,
      ),
    ).toEqual([]);
    expect(await readdir(own('staging'))).toEqual([]);
  }

  async function expectReplaced(keptCount: number): Promise<void> {
    await expectSettled();
    expect(await contentOf('download')).toBe(LATER);
    expect(await new EntriesClient(server).describe(file.id)).toMatchObject({
      size: LATER.length,
      sha256: createHash('sha256').update(LATER).digest('hex'),
      version: 2,
    });
    const items = await versions();
    expect(items).toHaveLength(keptCount);
    for (const { id, replacedBy, sha256 } of items) {
      expect(await contentOf(`versions/${id}/download`)).toBe(EARLIER);
      expect([replacedBy, sha256]).toEqual(['anna', file.sha256]);
    }
    expect((await new EntriesClient(server).defaultDrive()).usedBytes).toBe(LATER.length);
    await eventually(async () => {
      const events = await read(server, '/api/v1/events?after=0', eventPageSchema);
      expect(events.items.map(({ type }) => type)).toContain('homeserver.file.changed');
    });
  }

  async function expectUndone(content = EARLIER): Promise<void> {
    await expectSettled();
    expect(await contentOf('download')).toBe(content);
    expect(await versions()).toEqual([]);
    expect(await readdir(own('versions'))).toEqual([]);
  }

  /** With its time, as the clone that stands for a link has it. */
  async function copyKept(): Promise<void> {
    await copyFile(final(), kept());
    const { mtime } = await stat(final(), { bigint: true });
    await utimes(kept(), new Date(), (mtime.getTime() + 0.01) / 1000);
  }

  it.each<[string, number, () => Promise<unknown>]>([
    ['only the intent was written', 1, async () => undefined],
    ['the earlier content was kept by a link', 1, () => link(final(), kept())],
    ['the earlier content was kept by shared blocks', 1, copyKept],
    ['the earlier content was kept by a rename', 1, () => rename(final(), kept())],
    [
      'the new content had got the name',
      1,
      async () => {
        await link(final(), kept());
        await rename(staged(), final());
      },
    ],
    [
      'the new content had got the name, and the earlier one was kept by a rename',
      1,
      async () => {
        await rename(final(), kept());
        await rename(staged(), final());
      },
    ],
    ['nothing had the name any more', 0, () => rm(final())],
    [
      'nothing had the name any more, and the new content had got it',
      0,
      async () => {
        await rm(final());
        await link(staged(), final());
      },
    ],
    [
      'nothing had the name any more, and the new content had only that',
      0,
      async () => {
        await rm(final());
        await rename(staged(), final());
      },
    ],
  ])('should finish it when %s', async (_, keptCount, crash) => {
    await beginStaged();
    await crash();
    await restart();

    await expectReplaced(keptCount);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the staged bytes are gone', () => rm(staged())],
    [
      'the staged bytes are gone, and the earlier content had a second name',
      async () => {
        await link(final(), kept());
        await rm(staged());
      },
    ],
    [
      'the staged bytes are gone, and the earlier content had only its other name',
      async () => {
        await rename(final(), kept());
        await rm(staged());
      },
    ],
  ])('should leave the file as it was when %s', async (_, crash) => {
    await beginStaged();
    await crash();
    await restart();

    await expectUndone();
  });

  it('should leave what somebody wrote from outside in between', async () => {
    await beginStaged();
    await link(final(), kept());
    await writeFile(`${final()}.new`, 'theirs');
    await rename(`${final()}.new`, final());
    await restart();

    expect(String(await readFile(final()))).toBe('theirs');
    await eventually(async () => expect(await contentOf('download')).toBe('theirs'));
    expect(await contentOf(`versions/${VERSION}/download`)).toBe(EARLIER);
    expect(await readdir(own('staging'))).toEqual(['staged']);
  });

  it('should keep what the file had when somebody has put another where it had no name', async () => {
    await beginStaged();
    await rename(final(), kept());
    await writeFile(final(), 'theirs');
    await restart();

    expect(String(await readFile(final()))).toBe('theirs');
    const [version] = await versions();
    expect(version).toMatchObject({ id: VERSION, size: EARLIER.length, sha256: file.sha256 });
    expect(await contentOf(`versions/${VERSION}/download`)).toBe(EARLIER);
  });

  describe('of a file that had lost bytes', () => {
    async function expectTold(): Promise<void> {
      const [version] = await versions();
      const { sha256 } = file;
      expect(version).toMatchObject({ sha256, corruptedAt: expect.any(String) });
      await eventually(async () => {
        const { items } = await read(server, '/api/v1/events?after=0', eventPageSchema);
        expect(items.filter(({ type }) => type.endsWith('.corrupted'))).toMatchObject([
          { subject: `files/${file.id}`, data: { versionId: VERSION } },
        ]);
      });
    }

    beforeEach(async () => {
      await beginStaged();
      await query(server.database.url, `update file_metadata set size = size + 3 where id = $1`, [
        file.id,
      ]);
      await rename(final(), kept());
    });

    it('should tell of the version that it has become', async () => {
      await restart();
      await expectTold();
      expect(await contentOf('download')).toBe(LATER);
    });

    it('should tell of it too when somebody has put another in its place', async () => {
      await writeFile(final(), 'theirs');
      await restart();
      await expectTold();
      expect(String(await readFile(final()))).toBe('theirs');
    });
  });

  it('should keep the last bytes of the file when a folder has taken its name', async () => {
    await beginStaged();
    await rename(final(), kept());
    await mkdir(final());
    await restart();

    expect(String(await readFile(kept()))).toBe(EARLIER);
    expect((await stat(final())).isDirectory()).toBe(true);
  });

  it('should finish an upload in parts with it', async () => {
    const created = await callTus(server, 'POST', '', {
      headers: {
        'Upload-Length': String(LATER.length),
        'Upload-Metadata': encodeMetadata({ filename: 'a.txt', conflict: 'version' }),
      },
    });
    const place = created.headers.get('location') ?? '';
    await callTus(server, 'PATCH', place, {
      headers: { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
      body: LATER.slice(0, -1),
    });
    const [stagedName = ''] = await readdir(own('staging'));
    await appendFile(own('staging', stagedName), LATER.slice(-1));
    await begin(stagedName);
    await query(server.database.url, `update uploads set committed_offset = length`);
    await restart();

    await expectReplaced(1);
    const head = await callTus(server, 'HEAD', place);
    expect([head.status, head.headers.get('homeserver-file-id')]).toEqual([200, file.id]);
  });

  it('should be as it was at once when the drive refuses the step', async () => {
    // Nothing can be kept in a folder that is none.
    await writeFile(own('versions', file.id), 'in the way');
    const response = await postUpload(server, {
      name: 'a.txt',
      content: LATER,
      conflict: 'version',
    });

    expect((await readProblem(response)).status).toBe(409);
    await expectSettled();
    expect(await contentOf('download')).toBe(EARLIER);
    await rm(own('versions', file.id));
    const again = await upload(server, { name: 'a.txt', content: LATER, conflict: 'version' });
    expect(again.id).toBe(file.id);
    expect(await versions()).toHaveLength(1);
  });
});

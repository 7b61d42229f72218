import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { auditPageSchema, fileDetailsSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { ClamdProcess, EICAR, EICAR_SIGNATURE } from '../../../test/clamd-process';
import { type Conversation, FakeClamd } from '../../../test/fake-clamd';
import { postUpload, read, readProblem, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { create, head, patch, postCreation } from '../../../test/tus-client';
import { ClamdAdapter } from './clamd.adapter';

const MEBIBYTE = 1024 * 1024;

const detailsOf = (server: TestApp, id: string | null) =>
  read(server, `/api/v1/files/${id}/metadata`, fileDetailsSchema);
const stagedNames = (server: TestApp) =>
  readdir(path.join(server.filesFolder, '.homeserver', 'staging'));
const storedNames = async (server: TestApp) =>
  (await readdir(server.filesFolder)).filter((name) => !name.startsWith('.'));

describeNeeding('clamd', 'uploads that are scanned', () => {
  let clamd: ClamdProcess;
  let server: TestApp;

  beforeAll(async () => {
    clamd = await ClamdProcess.start(['AlertEncrypted yes', 'StreamMaxLength 4M']);
    const address = { path: clamd.socketPath };
    server = await startTestApp({ virusScanner: { address, unavailable: 'refuse' } });
  });

  afterAll(async () => {
    await server.close();
    await clamd.stop();
  });

  it.each([
    ['empty', 0],
    ['of one piece', 1000],
    ['of many pieces', 3 * MEBIBYTE + 17],
  ])('should be kept, and marked as clean, when nothing is found in one %s', async (_, size) => {
    const content = randomBytes(size);
    const file = await upload(server, { name: `clean ${size}.bin`, content });

    expect((await detailsOf(server, file.id)).scan).toBe('clean');
    expect((await readFile(path.join(server.filesFolder, file.filename))).equals(content)).toBe(
      true,
    );
  });

  it('should be refused with the name of what was found, and leave nothing', async () => {
    const before = await storedNames(server);
    const content = Buffer.concat([randomBytes(MEBIBYTE), Buffer.from(EICAR), randomBytes(99)]);
    const answer = await postUpload(server, { name: 'bad.bin', content });

    expect(answer.status).toBe(422);
    const problem = await readProblem(answer);
    expect(problem.code).toBe('files.infected');
    expect(problem.detail).toContain(EICAR_SIGNATURE);
    expect(await storedNames(server)).toEqual(before);
    expect(await stagedNames(server)).toEqual([]);
  });

  it('should be told of in the audit log when one is infected', async () => {
    await postUpload(server, { name: 'audited.txt', content: EICAR });
    const { items } = await read(
      server,
      '/api/v1/audit?types=homeserver.user.upload_infected',
      auditPageSchema,
    );
    expect(items[0]).toMatchObject({ actorName: 'keeper' });
    expect(items[0]?.summary).toContain('audited.txt');
    expect(items[0]?.summary).toContain(EICAR_SIGNATURE);
  });

  describe('by tus', () => {
    it('should be over when one in parts is infected', async () => {
      const address = await create(server, EICAR.length, { filename: 'parts.txt' });
      expect((await patch(server, address, 0, EICAR.slice(0, 20))).status).toBe(204);
      const last = await patch(server, address, 20, EICAR.slice(20));

      expect(last.status).toBe(422);
      expect((await readProblem(last)).code).toBe('files.infected');
      const left = await query(
        server.database.url,
        'select 1 from uploads where gone_at is null and finished_at is null',
      );
      expect(left).toEqual([]);
      expect((await head(server, address)).status).toBe(410);
      expect(await stagedNames(server)).toEqual([]);
      expect(await storedNames(server)).not.toContain('parts.txt');
    });

    it('should be over when the scanner does not take one', async () => {
      const content = randomBytes(5 * MEBIBYTE);
      const address = await create(server, content.length, { filename: 'large parts.bin' });
      expect((await patch(server, address, 0, content.subarray(0, 1))).status).toBe(204);
      const last = await patch(server, address, 1, content.subarray(1));

      expect((await readProblem(last)).code).toBe('files.not_scannable');
      expect((await head(server, address)).status).toBe(410);
      expect(await stagedNames(server)).toEqual([]);
    });

    it('should leave nothing when one that came with its creation is infected', async () => {
      const answer = await postCreation(server, EICAR.length, { filename: 'whole.txt' }, EICAR);

      expect((await readProblem(answer)).code).toBe('files.infected');
      expect(await stagedNames(server)).toEqual([]);
    });

    it('should be a file, marked as clean, when nothing is found', async () => {
      const address = await create(server, 6, { filename: 'good.txt' });
      await patch(server, address, 0, 'abc');
      const id = (await patch(server, address, 3, 'def')).headers.get('homeserver-file-id');

      expect((await detailsOf(server, id)).scan).toBe('clean');
    });
  });

  it('should be refused when one is more than the scanner takes', async () => {
    const answer = await postUpload(server, {
      name: 'big.bin',
      content: randomBytes(9 * MEBIBYTE),
    });

    expect(answer.status).toBe(422);
    const problem = await readProblem(answer);
    expect(problem.code).toBe('files.not_scannable');
    expect(await stagedNames(server)).toEqual([]);
  });

  describeNeeding('python3', 'in an archive', () => {
    it('should be refused when the archive is encrypted', async () => {
      const answer = await postUpload(server, {
        name: 'secret.zip',
        content: await encryptedZip(),
      });

      expect((await readProblem(answer)).code).toBe('files.not_scannable');
    });
  });
});

/** With the flag that its entry is encrypted: that is what clamd looks at. */
async function encryptedZip(): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'homeserver-test-zip-'));
  try {
    await writeFile(path.join(folder, 'make.py'), MAKE_ZIP);
    execFileSync('/usr/bin/python3', ['make.py'], { cwd: folder });
    return await readFile(path.join(folder, 'secret.zip'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const MAKE_ZIP = `
import zipfile
with zipfile.ZipFile('secret.zip', 'w') as archive:
    archive.writestr('secret.txt', 'what nobody can read' * 20)
data = bytearray(open('secret.zip', 'rb').read())
data[6] |= 1
data[data.index(b'PK\\x01\\x02') + 8] |= 1
open('secret.zip', 'wb').write(data)
`;

describe('a scanner that is not as it should be', () => {
  let fake: FakeClamd;
  let server: TestApp;

  afterEach(async () => {
    await server.close();
    await fake.stop();
  });

  async function start(
    unavailable: 'refuse' | 'accept',
    behave: (conversation: Conversation) => unknown,
  ): Promise<void> {
    fake = await FakeClamd.start(behave);
    server = await startTestApp({ virusScanner: { address: fake.address, unavailable } });
    server.app.get(ClamdAdapter).patience = { silenceMs: 300, verdictMs: 1200 };
  }

  const content = randomBytes(2 * MEBIBYTE + 17);
  const post = () => postUpload(server, { name: 'odd.bin', content });

  const FAILURES: [string, (conversation: Conversation) => unknown][] = [
    ['ends the connection at once', ({ socket }) => socket.destroy()],
    ['answers nonsense', ({ socket, isWhole }) => isWhole && socket.end('hello\0')],
    ['goes on and on', ({ socket, isWhole }) => isWhole && socket.write('x'.repeat(9999))],
    [
      'ends in the middle of its answer',
      ({ socket, isWhole }) => isWhole && socket.end('stream: O'),
    ],
    ['takes nothing', ({ socket }) => socket.pause()],
    ['says nothing', () => undefined],
  ];

  describe.each(FAILURES)('as one that %s', (_, behave) => {
    it('should make uploads be refused when that was chosen, and leave nothing', async () => {
      await start('refuse', behave);
      fake.answersPing = false;
      const answer = await post();

      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('30');
      expect((await readProblem(answer)).code).toBe('files.scanner_unavailable');
      expect(await storedNames(server)).toEqual([]);
      expect(await stagedNames(server)).toEqual([]);
    });

    it('should make uploads be marked when they are to be accepted', async () => {
      await start('accept', behave);
      fake.answersPing = false;
      const file = await upload(server, { name: 'odd.bin', content });

      expect((await detailsOf(server, file.id)).scan).toBe('not_scanned');
      expect((await readFile(path.join(server.filesFolder, 'odd.bin'))).equals(content)).toBe(true);
    });
  });

  it('should make uploads be refused when nobody is there', async () => {
    await start('refuse', () => undefined);
    await fake.stop();
    fake = await FakeClamd.start(() => undefined);

    expect((await readProblem(await post())).code).toBe('files.scanner_unavailable');
  });

  it('should go on by itself when the scanner comes back', async () => {
    await start('refuse', ({ socket }) => socket.destroy());
    const address = await create(server, 6, { filename: 'later.txt' });
    fake.answersPing = false;
    const refused = await patch(server, address, 0, 'abcdef');
    expect(refused.status).toBe(503);
    fake.behave = ({ socket, isWhole }) => isWhole && socket.end('stream: OK\0');
    const answer = await head(server, address);

    const id = answer.headers.get('homeserver-file-id');
    expect(await detailsOf(server, id)).toMatchObject({ filename: 'later.txt', scan: 'clean' });
  });

  it('should be waited for as long as it is alive', async () => {
    await start('refuse', ({ socket, isWhole }) => {
      if (isWhole) setTimeout(() => socket.end('stream: OK\0'), 900);
    });

    expect((await post()).status).toBe(201);
    expect(new Set(fake.commands)).toEqual(new Set(['INSTREAM', 'PING']));
  });

  it('should not be waited for without end although it is alive', async () => {
    await start('refuse', () => undefined);

    expect((await readProblem(await post())).code).toBe('files.scanner_unavailable');
  });

  it('should be believed when it ends the connection of a file that is too large for it', async () => {
    await start('refuse', ({ socket, bytes }) => bytes.length > MEBIBYTE && socket.destroy());

    expect((await readProblem(await post())).code).toBe('files.not_scannable');
  });

  it('should not be waited for by one after the other when it is frozen', async () => {
    await start('refuse', () => undefined);
    fake.answersPing = false;
    const names = Array.from({ length: 60 }, (_, index) => `${index}.txt`);
    const answers = await Promise.all(names.map((name) => postUpload(server, { name })));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    // Whoever waited was told what the first have found.
    const asked = fake.commands.filter((command) => command === 'INSTREAM');
    expect(asked.length).toBeLessThan(names.length);
  });

  it('should be given exactly the bytes of the file', async () => {
    let given: Buffer = Buffer.alloc(0);
    await start('refuse', ({ socket, bytes, isWhole }) => {
      given = bytes;
      if (isWhole) socket.end('stream: OK\0');
    });
    await post();

    expect(given.equals(content)).toBe(true);
  });

  it('should be asked about a few files at a time when many come', async () => {
    let now = 0;
    let most = 0;
    await start('refuse', ({ socket, isWhole }) => {
      if (!isWhole) return;
      most = Math.max(most, (now += 1));
      setTimeout(() => {
        now -= 1;
        socket.end('stream: OK\0');
      }, 20);
    });
    const names = Array.from({ length: 40 }, (_, index) => `${index}.txt`);
    const files = await Promise.all(names.map((name) => upload(server, { name })));

    expect(files).toHaveLength(40);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });
});

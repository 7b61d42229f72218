import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { fileMetadataSchema, type Problem, problemSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../test/capabilities';
import { Dice } from '../test/dice';
import { eventually } from '../test/eventually';
import { uploadForm } from '../test/files-client';
import { hashOf } from '../test/household';
import { listAll } from '../test/household-checks';
import { ServerProcess } from '../test/server-process';
import { tokenOf } from '../test/sign-in';
import { ADMINISTRATOR } from '../test/test-app';
import { encodeMetadata, PART_TYPE } from '../test/tus-client';

const MANY = 500;
const SIZE = 100_000;

/** What the machine may do to a server; what it acknowledges while, and after that, is whole. */
describe('a server on a machine that fails', () => {
  let dataDir: string;
  let server: ServerProcess;
  let token: string;
  const dice = new Dice('failing machine');

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-failing-'));
    server = await ServerProcess.start({ DATA_DIR: dataDir, DATABASE_URL: '' });
    token = await tokenOf(server.url, ADMINISTRATOR);
  });

  // Whatever has happened, it has come back by itself, and holds what it has acknowledged and nothing else.
  afterEach(async () => {
    const name = `after ${dice.name()}`;
    await eventually(async () => expect((await upload(name, 1000)).status).toBe(201));
    for (const file of await listAll({ url: server.url, token })) {
      const content = await readFile(path.join(dataDir, 'files', file.storagePath));
      expect({ name: file.filename, sha256: hashOf(content) }).toEqual({
        name: file.filename,
        sha256: file.sha256,
      });
    }
    await eventually(async () => expect(await stagedNames()).toEqual([]));
  });

  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const stagedNames = () => readdir(path.join(dataDir, 'files', '.homeserver', 'staging'));

  async function call(method: string, where: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, Authorization: `Bearer ${token}` };
    return fetch(server.url + where, { ...init, method, headers });
  }

  async function upload(name: string, size: number): Promise<Response> {
    const form = uploadForm({ name, content: dice.bytes(size) });
    return call('POST', '/api/v1/files/upload', { body: form });
  }

  async function createUpload(name: string, size: number): Promise<string> {
    const made = await call('POST', '/api/v1/uploads', {
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Length': String(size),
        'Upload-Metadata': encodeMetadata({ filename: name }),
      },
    });
    expect(made.status).toBe(201);
    return made.headers.get('location') ?? '';
  }

  async function sendPart(where: string, offset: number, part: Buffer): Promise<Response> {
    return call('PATCH', where, {
      headers: {
        'Tus-Resumable': '1.0.0',
        'Content-Type': PART_TYPE,
        'Upload-Offset': String(offset),
      },
      body: new Uint8Array(part),
    });
  }

  async function offsetOf(where: string): Promise<number> {
    const answer = await call('HEAD', where, { headers: { 'Tus-Resumable': '1.0.0' } });
    expect(answer.status).toBe(200);
    return Number(answer.headers.get('upload-offset'));
  }

  async function problemOf(answer: Promise<Response>): Promise<Pick<Problem, 'status' | 'code'>> {
    const { status, code } = problemSchema.parse(await (await answer).json());
    return { status, code };
  }

  /** Its processes come and go: until all are reached that there are. */
  function signalDatabase(signal: NodeJS.Signals): void {
    const reached = new Set<number>();
    const others = () => server.databasePids().filter((pid) => !reached.has(pid));
    for (let pids = others(); pids.length > 0; pids = others())
      for (const pid of pids) {
        reached.add(pid);
        try {
          process.kill(pid, signal);
        } catch {
          // It has ended by itself since.
        }
      }
  }

  describe('when PostgreSQL is frozen', () => {
    afterEach(() => signalDatabase('SIGCONT'));

    it('should answer 503 instead of hanging, and go on when it is back', async () => {
      const where = await createUpload('frozen in parts.bin', SIZE);
      signalDatabase('SIGSTOP');

      const calls = [
        call('GET', '/api/v1/files/list'),
        upload('frozen.bin', SIZE),
        sendPart(where, 0, dice.bytes(SIZE / 2)),
        ...Array.from({ length: 30 }, async () => call('GET', '/api/v1/tags')),
      ];
      for (const answer of calls)
        expect(await problemOf(answer)).toEqual({ status: 503, code: 'database.unavailable' });

      signalDatabase('SIGCONT');
      await eventually(async () => expect((await call('GET', '/health/ready')).status).toBe(200));
      const offset = await offsetOf(where);
      const rest = await sendPart(where, offset, dice.bytes(SIZE - offset));
      expect(rest.status).toBe(204);
    });
  });

  it('should come back by itself when PostgreSQL was killed', async () => {
    const uploads = Array.from({ length: 8 }, async (_, at) => upload(`killed ${at}.bin`, SIZE));
    signalDatabase('SIGKILL');
    for (const answer of uploads) expect([201, 503]).toContain((await answer).status);
  });

  describeNeeding('strace', 'when fsync answers with an error', () => {
    let tracer: ChildProcess | null = null;

    async function failEverySync(): Promise<void> {
      const found = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO'];
      tracer = spawn('strace', ['-f', '-qq', '-o', '/dev/null', ...found, '-p', `${server.pid}`]);
      const status = `/proc/${server.pid}/status`;
      await eventually(async () =>
        expect(await readFile(status, 'utf8')).not.toMatch(/TracerPid:\t0/),
      );
    }

    async function endFailing(): Promise<void> {
      if (tracer === null || tracer.exitCode !== null) return;
      const ended = once(tracer, 'exit');
      tracer.kill('SIGINT');
      await ended;
      tracer = null;
    }

    afterEach(endFailing);

    it('should acknowledge nothing that it cannot vouch for', async () => {
      const where = await createUpload('parts.bin', SIZE);
      const content = dice.bytes(SIZE);
      expect((await sendPart(where, 0, content.subarray(0, SIZE / 2))).status).toBe(204);
      const before = (await listAll({ url: server.url, token })).map(({ filename }) => filename);
      await failEverySync();

      expect(await problemOf(upload('unsynced.bin', SIZE))).toEqual({
        status: 503,
        code: 'drives.offline',
      });
      const small = Array.from({ length: 8 }, async (_, at) => upload(`small ${at}.bin`, 10_000));
      for (const answer of small)
        expect(await problemOf(answer)).toEqual({ status: 503, code: 'drives.offline' });
      expect(await problemOf(sendPart(where, SIZE / 2, content.subarray(SIZE / 2)))).toEqual({
        status: 503,
        code: 'drives.offline',
      });

      await endFailing();
      await eventually(async () => expect(await offsetOf(where)).toBe(SIZE / 2));
      const after = (await listAll({ url: server.url, token })).map(({ filename }) => filename);
      expect(after).toEqual(before);
      expect((await sendPart(where, SIZE / 2, content.subarray(SIZE / 2))).status).toBe(204);
    });
  });

  it(`should take ${MANY} uploads at once`, async () => {
    const before = (await listAll({ url: server.url, token })).length;
    const answers = await Promise.all(
      Array.from({ length: MANY }, async (_, at) => {
        if (at % 2 === 0) return (await upload(`many ${at}.bin`, 20_000)).status;
        const where = await createUpload(`many ${at}.bin`, 20_000);
        expect((await sendPart(where, 0, dice.bytes(10_000))).status).toBe(204);
        return (await sendPart(where, 10_000, dice.bytes(10_000))).status;
      }),
    );
    expect(answers.filter((status) => status !== 201 && status !== 204)).toEqual([]);
    expect(await listAll({ url: server.url, token })).toHaveLength(before + MANY);
  });

  it('should keep nothing of uploads whose connection was reset, and hold nothing open', async () => {
    const { hostname, port } = new URL(server.url);
    const before = await listAll({ url: server.url, token });
    for (const sent of [0, 1000, SIZE]) {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      const beginning =
        `POST /api/v1/files/upload HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: multipart/form-data; boundary=x\r\nContent-Length: ${SIZE * 2}\r\n\r\n` +
        `--x\r\nContent-Disposition: form-data; name="file"; filename="reset.bin"\r\n\r\n`;
      await new Promise((resolve) => socket.write(beginning, resolve));
      await new Promise((resolve) => socket.write(Buffer.alloc(sent), resolve));
      socket.resetAndDestroy();
    }
    await eventually(async () => expect(await stagedNames()).toEqual([]));
    expect(await listAll({ url: server.url, token })).toEqual(before);
  });

  it('should let go of a file whose reader has reset the connection', async () => {
    const { hostname, port } = new URL(server.url);
    const answer = await upload('read.bin', 20_000_000);
    const { id } = fileMetadataSchema.parse(await answer.json());
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /api/v1/files/${id}/download HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    await once(socket, 'data');
    const openFiles = async () => {
      const folder = `/proc/${server.pid}/fd`;
      const targets = (await readdir(folder)).map((name) => path.join(folder, name));
      const read = await Promise.all(targets.map(async (one) => readlink(one).catch(() => '')));
      return read.filter((target) => target.endsWith('/read.bin'));
    };
    await eventually(async () => expect(await openFiles()).toHaveLength(1));
    socket.resetAndDestroy();
    await eventually(async () => expect(await openFiles()).toEqual([]));
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { eventPageSchema, filePageSchema, homeServerEventSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../test/capabilities';
import { filenamesOf, read, upload } from '../test/files-client';
import { startTestApp, type TestApp } from '../test/test-app';
import { EventPublisher } from './platform/events/event-publisher.service';

const EXAMPLES = path.resolve(import.meta.dirname, '..', '..', '..', 'examples');
const NODE = [process.execPath, 'node'];
const PYTHON = ['/usr/bin/python3', 'python'];
const SIGN_IN_FIRST = 'Sign in first';
const FRAME_LINE = /^\d{4}-\S+Z cpu [\d.?]+ % memory [\d.?]+ % \d+ files$/;

/** An example under way. */
class Example {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private errors = '';

  /** @param environment beside the server and a token of all scopes */
  constructor(
    command: string,
    args: readonly string[],
    server: TestApp,
    environment: NodeJS.ProcessEnv = {},
  ) {
    // A group of its own, so that the end of a pipeline is the end of all its programs.
    const child = spawn(command, args, {
      cwd: EXAMPLES,
      detached: true,
      env: {
        ...process.env,
        HOMESERVER: server.url,
        HOMESERVER_TOKEN: server.token,
        NODE_OPTIONS: '',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString('utf8')));
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.child = child;
  }

  /** The next line that it prints. @throws Error with what it complained of when it ends instead */
  async line(): Promise<string> {
    const next = await this.lines.next();
    if (next.done === true) throw new Error(`The example has ended: ${this.errors}`);
    return next.value;
  }

  /** What else it prints before it ends by itself, with how it ended. */
  async rest(): Promise<{ lines: string[]; exitCode: number | null; errors: string }> {
    const lines: string[] = [];
    for (let next = await this.lines.next(); next.done !== true; next = await this.lines.next())
      lines.push(next.value);
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return { lines, exitCode: this.child.exitCode, errors: this.errors };
  }

  async interrupt(): Promise<void> {
    const exited = once(this.child, 'exit');
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGTERM');
    await exited;
  }
}

describe('the examples', () => {
  let server: TestApp;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    server = await startTestApp();
    folder = await mkdtemp(path.join(tmpdir(), 'homeserver-examples-'));
    file = path.join(folder, 'Ferry "tickets" – Ä.bin');
    await writeFile(file, Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251)));
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const lastPosition = async () => {
    // What the test before has done may have no number yet.
    await server.app.get(EventPublisher).publishAll();
    const { items } = await read(server, '/api/v1/events?order=desc&limit=1', eventPageSchema);
    return Number(items[0]?.id ?? 0);
  };

  async function expectWayOfFile(command: string, args: string[], refusal: string): Promise<void> {
    const { lines, ...end } = await new Example(command, args, server).rest();

    expect(end).toEqual({ exitCode: 0, errors: '' });
    expect(lines).toEqual([
      expect.stringMatching(/^uploaded [0-9a-f-]{36}$/),
      'listed',
      'the same bytes',
      'tagged',
      `a stale change is answered with ${refusal}`,
      'in the trash',
    ]);
    const { items } = await read(server, '/api/v1/files/list', filePageSchema);
    expect(items.filter(({ filename }) => filename === path.basename(file))).toEqual([]);
  }

  async function expectEventsFollowed([command = '', language]: string[]): Promise<void> {
    const start = await lastPosition();
    await upload(server, { name: `before.${language}` });
    const script = `${language}/events.${language === 'node' ? 'mjs' : 'py'}`;
    const example = new Example(command, [script, String(start), '2'], server);
    const first = await example.line();
    await upload(server, { name: `after.${language}` });

    expect(first).toBe(`${start + 1} homeserver.file.created before.${language}`);
    expect(await example.rest()).toEqual({
      lines: [`${start + 2} homeserver.file.created after.${language}`],
      exitCode: 0,
      errors: '',
    });
  }

  async function expectMachineWatched(command: string, script: string): Promise<void> {
    const { lines, ...end } = await new Example(command, [script, '2'], server).rest();

    expect(end).toEqual({ exitCode: 0, errors: '' });
    expect(lines).toEqual([expect.stringMatching(FRAME_LINE), expect.stringMatching(FRAME_LINE)]);
  }

  /** The token in a file instead, as programs without anybody beside them have it. */
  async function tokenFile(): Promise<NodeJS.ProcessEnv> {
    const token = path.join(folder, 'token');
    await writeFile(token, `${server.token}\n`, { mode: 0o600 });
    return { HOMESERVER_TOKEN_FILE: token };
  }

  /** What an example says that has no token. */
  async function refusalOf(command: string, args: readonly string[]): Promise<string> {
    const example = new Example(command, args, server, { HOMESERVER_TOKEN: undefined });
    const { lines, exitCode, errors } = await example.rest();

    expect({ lines, exitCode }).toEqual({ lines: [], exitCode: expect.any(Number) });
    expect(exitCode).not.toBe(0);
    return errors;
  }

  describe('in Node.js', () => {
    it('should take a file its whole way when it is run', async () => {
      await expectWayOfFile(process.execPath, ['node/files.mjs', file], 'files.stale');
    });

    it('should follow events when it is told a position', async () => {
      await expectEventsFollowed(NODE);
    });

    it('should end and say why when its position is not kept', async () => {
      const { exitCode, errors } = await new Example(
        process.execPath,
        ['node/events.mjs', '999999'],
        server,
      ).rest();

      expect(exitCode).toBe(1);
      expect(errors).toContain('no longer all kept');
    });

    it('should watch the machine when it is run', async () => {
      await expectMachineWatched(process.execPath, 'node/metrics.mjs');
    });

    it.each([['files.mjs'], ['events.mjs'], ['metrics.mjs']])(
      'should end %s and say why when there is no token',
      async (name) => {
        const args = [`node/${name}`, ...(name === 'files.mjs' ? [file] : [])];

        expect(await refusalOf(process.execPath, args)).toContain(SIGN_IN_FIRST);
      },
    );
  });

  describeNeeding('python3-websockets', 'in Python', () => {
    it('should take a file its whole way when it is run', async () => {
      await expectWayOfFile('/usr/bin/python3', ['python/files.py', file], 'files.stale');
    });

    it('should follow events when it is told a position', async () => {
      await expectEventsFollowed(PYTHON);
    });

    it('should watch the machine when it is run', async () => {
      await expectMachineWatched('/usr/bin/python3', 'python/metrics.py');
    });

    it('should end and say why when there is no token', async () => {
      const args = ['python/files.py', file];

      expect(await refusalOf('/usr/bin/python3', args)).toContain(SIGN_IN_FIRST);
    });
  });

  describeNeeding('curl', 'in a shell', () => {
    it('should take a file its whole way when it is run', async () => {
      await expectWayOfFile('sh', ['curl/files.sh', file], '412');
    });

    it('should follow events when it is told a position', async () => {
      const start = await lastPosition();
      await upload(server, { name: 'before.shell' });
      const socket = `/api/v1/events/ws?types=homeserver.file.*&after=${start}`;
      const example = new Example('sh', ['curl/socket.sh', socket], server);
      const first = homeServerEventSchema.parse(JSON.parse(await example.line()));
      await upload(server, { name: 'after.shell' });
      const second = homeServerEventSchema.parse(JSON.parse(await example.line()));
      await example.interrupt();

      expect([first, second].map(({ id }) => Number(id))).toEqual([start + 1, start + 2]);
      expect(filenamesOf([first, second])).toEqual(['before.shell', 'after.shell']);
    });

    it('should watch the machine when it is run', async () => {
      const example = new Example('sh', ['curl/socket.sh', '/api/v1/monitoring/ws'], server);
      const frames = [await example.line(), await example.line()];
      await example.interrupt();

      for (const frame of frames) expect(JSON.parse(frame)).toMatchObject({ system: {} });
    });

    it('should end and say why when there is no token', async () => {
      expect(await refusalOf('sh', ['curl/files.sh', file])).toContain(SIGN_IN_FIRST);
    });

    it('should send files when the token is in a file', async () => {
      expect(
        await new Example('sh', ['curl/send.sh', file], server, await tokenFile()).rest(),
      ).toEqual({ lines: [`sent ${file}`], exitCode: 0, errors: '' });
      const { items } = await read(server, '/api/v1/files/list', filePageSchema);
      expect(items.map(({ filename }) => filename)).toContain(path.basename(file));
    });

    describeNeeding('strace', 'looked at by others', () => {
      it.each([['files.sh'], ['send.sh']])(
        'should show the token in no list of processes when %s runs',
        async (name) => {
          const trace = path.join(folder, `${name}.trace`);
          const command = ['sh', `curl/${name}`, file];
          // All that starts programs, with every argument whole; environments are only counted.
          const watched = [
            '-f',
            '-e',
            'trace=execve,execveat',
            '-s',
            '4096',
            '-o',
            trace,
            ...command,
          ];
          const end = await new Example('strace', watched, server, await tokenFile()).rest();
          const started = await readFile(trace, 'utf8');

          expect(end.exitCode).toBe(0);
          expect(started).toContain(`["curl",`);
          expect(started).not.toContain(server.token.slice('hs_'.length));
        },
      );
    });
  });
});

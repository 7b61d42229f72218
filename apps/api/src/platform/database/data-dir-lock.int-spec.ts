import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { DataDirInUseError, DataDirLock } from './data-dir-lock';
import { startTimeOf } from './embedded-postgres/running-process';
import { LivenessSocket } from './liveness-socket';

describe('DataDirLock', () => {
  let dataDir: string;
  let lockFile: string;
  let other: ChildProcess;
  let otherPid: number;
  let taken: DataDirLock[];

  beforeEach(async () => {
    taken = [];
    dataDir = mkdtempSync(path.join(tmpdir(), 'homeserver-lock-'));
    lockFile = path.join(dataDir, 'homeserver.lock');
    other = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(other, 'spawn');
    otherPid = other.pid ?? 0;
  });

  afterEach(async () => {
    for (const lock of taken) lock.release();
    await endOther();
    rmSync(dataDir, { recursive: true });
  });

  async function endOther(): Promise<void> {
    if (other.exitCode !== null || other.signalCode !== null) return;
    other.kill('SIGKILL');
    await once(other, 'exit');
  }

  function heldBy(pid: number, startTime: string | null, where: object = {}): void {
    const holder = {
      pid,
      pidNamespace: process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '',
      startTime,
      since: '2026-08-02T17:04:11.000Z',
      address: 'http://localhost:18099',
      socket: null,
      ...where,
    };
    writeFileSync(lockFile, JSON.stringify(holder));
  }

  async function take(): Promise<DataDirLock> {
    const lock = await DataDirLock.acquire(dataDir, 'http://localhost:18080');
    taken.push(lock);
    return lock;
  }

  const holder = () =>
    z
      .object({
        pid: z.int(),
        startTime: z.string(),
        address: z.string(),
        socket: z.string().nullable(),
      })
      .parse(JSON.parse(readFileSync(lockFile, 'utf8')));

  async function openSocket(): Promise<LivenessSocket> {
    const socket = await LivenessSocket.open(dataDir);
    if (socket === null) throw new Error('There are no sockets here.');
    return socket;
  }

  it('should be taken, naming its holder for us alone, when nobody has it', async () => {
    await take();

    expect(holder()).toMatchObject({
      pid: process.pid,
      startTime: startTimeOf(process.pid),
      address: 'http://localhost:18080',
    });
    expect(statSync(lockFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual([holder().socket, 'homeserver.lock']);
  });

  it('should make the folder, passable for others but not readable, when it is missing', async () => {
    const missing = path.join(dataDir, 'a', 'b');
    (await DataDirLock.acquire(missing, 'http://localhost:18080')).release();

    expect(statSync(missing).mode & 0o777).toBe(0o711);
    expect(readdirSync(missing)).toEqual([]);
  });

  it('should say who has it, and leave everything alone, when another process has it', async () => {
    heldBy(otherPid, startTimeOf(otherPid));
    const before = readFileSync(lockFile, 'utf8');

    await expect(take()).rejects.toThrow(DataDirInUseError);
    await expect(take()).rejects.toThrow(
      new RegExp(
        `${dataDir} .*http://localhost:18099 \\(process ${otherPid}, since 2026-08-02T17:04:11`,
      ),
    );
    expect(readFileSync(lockFile, 'utf8')).toBe(before);
    expect(readdirSync(dataDir)).toEqual(['homeserver.lock']);
  });

  it('should say who has it when that one lives in another container', async () => {
    const socket = await openSocket();
    heldBy(1, 'boot/1', { pidNamespace: 'pid:[1]', socket: socket.name });

    await expect(take()).rejects.toThrow(DataDirInUseError);
    socket.close();
  });

  it('should be void when the one in another container is gone, although its process id is in use here', async () => {
    const socket = await openSocket();
    socket.close();
    writeFileSync(path.join(dataDir, socket.name), '');
    heldBy(otherPid, startTimeOf(otherPid), { pidNamespace: 'pid:[1]', socket: socket.name });

    await take();
    expect(readdirSync(dataDir)).toEqual([holder().socket, 'homeserver.lock']);
  });

  it('should be taken without a socket when its path is too long for one', async () => {
    const long = path.join(dataDir, 'x'.repeat(200));
    const lock = await DataDirLock.acquire(long, 'http://localhost:18080');

    expect(readdirSync(long)).toEqual(['homeserver.lock']);
    lock.release();
  });

  it('should be void when its process was killed', async () => {
    heldBy(otherPid, startTimeOf(otherPid));
    await endOther();

    (await take()).release();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('should be void when its process id was given to another process', async () => {
    heldBy(otherPid, 'another-boot/12345');

    await take();
    expect(holder().pid).toBe(process.pid);
  });

  it.each(['', 'not JSON', '{"pid":"1"}', '{"pid":1}'])(
    'should be void when it holds “%s”, as after a power cut',
    async (content) => {
      writeFileSync(lockFile, content);

      await take();
      expect(holder().pid).toBe(process.pid);
    },
  );

  it('should go to one alone when several ask at once', async () => {
    const asked = await Promise.allSettled([take(), take(), take(), take()]);

    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('should be refused to ourselves while we have it, and given again when we have released it', async () => {
    const lock = await take();

    await expect(take()).rejects.toThrow(DataDirInUseError);
    lock.release();
    (await take()).release();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('should leave the lock of another process when ours was taken away', async () => {
    const lock = await take();
    heldBy(otherPid, startTimeOf(otherPid));
    lock.release();

    expect(holder().pid).toBe(otherPid);
  });
});

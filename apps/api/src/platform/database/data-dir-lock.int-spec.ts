import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { DataDirInUseError, DataDirLock } from './data-dir-lock';
import { startTimeOf } from './embedded-postgres/running-process';

describe('DataDirLock', () => {
  let dataDir: string;
  let lockFile: string;
  let other: ChildProcess;
  let otherPid: number;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'homeserver-lock-'));
    lockFile = path.join(dataDir, 'homeserver.lock');
    other = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(other, 'spawn');
    otherPid = other.pid ?? 0;
  });

  afterEach(async () => {
    await endOther();
    rmSync(dataDir, { recursive: true });
  });

  async function endOther(): Promise<void> {
    if (other.exitCode !== null || other.signalCode !== null) return;
    other.kill('SIGKILL');
    await once(other, 'exit');
  }

  function heldBy(pid: number, startTime: string | null): void {
    const since = '2026-08-02T17:04:11.000Z';
    writeFileSync(
      lockFile,
      JSON.stringify({ pid, startTime, since, address: 'http://localhost:18099' }),
    );
  }

  const take = () => DataDirLock.acquire(dataDir, 'http://localhost:18080');

  it('should be taken, naming its holder for us alone, when nobody has it', () => {
    take();

    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toMatchObject({
      pid: process.pid,
      startTime: startTimeOf(process.pid),
      address: 'http://localhost:18080',
    });
    expect(statSync(lockFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['homeserver.lock']);
  });

  it('should make the folder, passable for others but not readable, when it is missing', () => {
    const missing = path.join(dataDir, 'a', 'b');
    DataDirLock.acquire(missing, 'http://localhost:18080').release();

    expect(statSync(missing).mode & 0o777).toBe(0o711);
    expect(readdirSync(missing)).toEqual([]);
  });

  it('should say who has it, and leave everything alone, when another process has it', () => {
    heldBy(otherPid, startTimeOf(otherPid));
    const before = readFileSync(lockFile, 'utf8');

    expect(take).toThrow(DataDirInUseError);
    expect(take).toThrow(
      new RegExp(
        `${dataDir} .*http://localhost:18099 \\(process ${otherPid}, since 2026-08-02T17:04:11`,
      ),
    );
    expect(readFileSync(lockFile, 'utf8')).toBe(before);
    expect(readdirSync(dataDir)).toEqual(['homeserver.lock']);
  });

  it('should be void when its process was killed', async () => {
    heldBy(otherPid, startTimeOf(otherPid));
    await endOther();

    take().release();
    expect(existsSync(lockFile)).toBe(false);
  });

  it('should be void when its process id was given to another process', () => {
    heldBy(otherPid, 'another-boot/12345');

    take();
    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it.each(['', 'not JSON', '{"pid":"1"}', '{"pid":1}'])(
    'should be void when it holds “%s”, as after a power cut',
    (content) => {
      writeFileSync(lockFile, content);

      take();
      expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toMatchObject({ pid: process.pid });
    },
  );

  it('should be refused to ourselves while we have it, and given again when we have released it', () => {
    const lock = take();

    expect(take).toThrow(DataDirInUseError);
    lock.release();
    take().release();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('should leave the lock of another process when ours was taken away', () => {
    const lock = take();
    heldBy(otherPid, startTimeOf(otherPid));
    lock.release();

    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toMatchObject({ pid: otherPid });
  });
});

import { hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  linkSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { parentPort } from 'node:worker_threads';

import { crc32 } from '@node-rs/crc32';

import { errorCode } from '../../platform/filesystem/error-code';
import { hasNoFolderSync } from './folder-sync';
import { FILE_MODE, NEW_FILE_FLAGS, storedFile } from './stored-file';
import type {
  NameWork,
  ReadWork,
  Refusal,
  SmallFile,
  SmallFilesAnswer,
  SmallFilesRequest,
  SmallFilesResults,
  SmallFilesWork,
  SystemName,
  WriteOutcome,
  WriteWork,
} from './small-files';

/** As with openFile: no links, and no pipe that would block us. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** A folder that is held open, which Linux has reached by a link. */
const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY;

const sync = promisify(fsync);

/**
 * The program of a thread that works on small files: it may block, so each step costs a call of the system and nothing
 * else, where it costs the main thread a way to another thread and back. Only for the disk it waits as others do: many
 * syncs at the same time are hardly more than one.
 */
parentPort?.on('message', ({ id, work }: SmallFilesRequest) => {
  void resultsOf(work).then((results) =>
    parentPort?.postMessage({ id, results } satisfies SmallFilesAnswer),
  );
});

async function resultsOf(work: SmallFilesWork): Promise<SmallFilesAnswer['results']> {
  if (work.kind === 'read') return { read: read(work) };
  return work.kind === 'write' ? { write: await write(work) } : { name: await name(work) };
}

function read({ files, room }: ReadWork): SmallFilesResults['read'] {
  const buffer = Buffer.from(room);
  let end = 0;
  return files.map(({ path, gap }) => {
    const file = readInto(buffer, end + gap, pathOf(path));
    if (file !== null) end = file.start + file.size;
    return file;
  });
}

/** @returns null for all that is not simply read: whoever asked opens that one, and learns why */
function readInto(buffer: Buffer, start: number, path: string | Buffer): SmallFile | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, READ_FLAGS);
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    const { size } = stats;
    if (!stats.isFile() || size > buffer.length - start) return null;
    const bytes = buffer.subarray(start, start + size);
    if (size > 0 && readSync(descriptor, bytes, 0, size, 0) !== size) return null;
    // Whole milliseconds, as everywhere: the date of Node.js is rounded up.
    const modifiedAt = new Date(Math.floor(stats.mtimeMs));
    return { start, size, crc32: crc32(bytes), modifiedAt };
  } catch {
    return null;
  } finally {
    close(descriptor);
  }
}

async function write({ files, room }: WriteWork): Promise<SmallFilesResults['write']> {
  // All are handed to the system before the first is waited for.
  const written = files.map(({ path, start, size }) =>
    writeOne(pathOf(path), Buffer.from(room, start, size)),
  );
  return Promise.all(written);
}

async function writeOne(path: string | Buffer, bytes: Buffer): Promise<WriteOutcome> {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, NEW_FILE_FLAGS, FILE_MODE);
    for (let from = 0; from < bytes.length;)
      from += writeSync(descriptor, bytes, from, bytes.length - from, from);
    await sync(descriptor);
    const file = storedFile(fstatSync(descriptor, { bigint: true }));
    return { sha256: hash('sha256', bytes, 'buffer'), file };
  } catch (error) {
    return { refusal: refusalOf(error) };
  } finally {
    if (descriptor !== null) close(descriptor);
  }
}

async function name({ files, folder }: NameWork): Promise<SmallFilesResults['name']> {
  // Before the first link: what cannot be synced then is as it was.
  const descriptor = openFolder(pathOf(folder));
  if (descriptor === null) return files.map(() => false);
  try {
    const linked = files.map(({ from, to }) => succeeds(() => linkSync(pathOf(from), pathOf(to))));
    const refusal = linked.includes(true) ? await syncFolder(descriptor) : null;
    if (refusal !== null) return linked.map((isLinked) => isLinked && { refusal });
    // They have their names: an old one that stays is removed by recovery.
    for (const [index, { from }] of files.entries())
      if (linked[index] === true) succeeds(() => unlinkSync(pathOf(from)));
    return linked;
  } finally {
    close(descriptor);
  }
}

function openFolder(folder: string | Buffer): number | null {
  try {
    return openSync(folder, FOLDER_FLAGS);
  } catch {
    return null;
  }
}

async function syncFolder(descriptor: number): Promise<Refusal | null> {
  try {
    await sync(descriptor);
    return null;
  } catch (error) {
    return hasNoFolderSync(error) ? null : refusalOf(error);
  }
}

/** What was written is on the disk, or was refused: what closing says of it is too late. */
function close(descriptor: number): void {
  succeeds(() => closeSync(descriptor));
}

function refusalOf(error: unknown): Refusal {
  return { code: errorCode(error), message: String(error) };
}

function succeeds(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

function pathOf(name: SystemName): string | Buffer {
  return typeof name === 'string' ? name : Buffer.from(name);
}

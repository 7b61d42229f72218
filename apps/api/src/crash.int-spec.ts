import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import {
  drivePageSchema,
  eventPageSchema,
  type FileMetadata,
  fileMetadataSchema,
  filePageSchema,
} from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { read, uploadForm } from '../test/files-client';
import { ServerProcess } from '../test/server-process';
import { tokenOf } from '../test/sign-in';
import { ADMINISTRATOR } from '../test/test-app';

const CRASHES = process.env['LONG'] === '1' ? 60 : 4;
const WORKERS = 4;

/** What the server has acknowledged, and so must keep; and every content that was ever sent to it. */
interface Promises {
  readonly kept: Map<string, FileMetadata>;
  readonly gone: Set<string>;
  readonly sent: Set<string>;
  /** Entries whose last change was not answered: either state is right. */
  readonly uncertain: Set<string>;
  /** Folders that were made, and are not deleted. */
  readonly folders: Map<string, FileMetadata>;
}

describe('a server that is killed while people work', () => {
  let dataDir: string;
  let server: ServerProcess;
  /** Of the administrator: it outlives every crash. */
  let token: string;
  let headers: { Authorization: string };
  const promises: Promises = {
    kept: new Map(),
    gone: new Set(),
    sent: new Set(),
    uncertain: new Set(),
    folders: new Map(),
  };
  /** Into which folders are moved. */
  let shelf: FileMetadata;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-crash-'));
    server = await ServerProcess.start({ DATA_DIR: dataDir, DATABASE_URL: '' });
    token = await tokenOf(server.url, ADMINISTRATOR);
    headers = { Authorization: `Bearer ${token}` };
    const made = await answerOf(makeFolder('shelf'));
    if (made === null) throw new Error('There is no shelf.');
    shelf = made;
    promises.folders.set(shelf.id, shelf);
  });

  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function makeFolder(filename: string): Promise<Response> {
    return fetch(`${server.url}/api/v1/files/folders`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ filename }),
    });
  }

  async function upload(name: string, size: number, query = ''): Promise<FileMetadata | null> {
    const content = randomBytes(size);
    promises.sent.add(hashOf(content));
    const file = await answerOf(
      fetch(`${server.url}/api/v1/files/upload${query}`, {
        method: 'POST',
        headers,
        body: uploadForm({ name, content }),
      }),
    );
    if (file !== null) promises.kept.set(file.id, file);
    return file;
  }

  /** Makes a folder, fills, renames and moves it, and deletes every other one. @returns false when the server is gone */
  async function workOnFolder(isDeleted: boolean): Promise<boolean> {
    const folder = await answerOf(makeFolder(`folder ${randomUUID()}`));
    if (folder === null) return false;
    promises.folders.set(folder.id, folder);
    const files: FileMetadata[] = [];
    for (const name of ['a.bin', 'b.bin']) {
      const file = await upload(name, 10_000, `?folderId=${folder.id}`);
      if (file === null) return false;
      files.push(file);
    }
    if (!(await change(folder, 'PATCH', { filename: `renamed ${folder.id}` }))) return false;
    if (!(await change(folder, 'PATCH', { parentId: shelf.id }))) return false;
    if (!isDeleted) return true;
    for (const { id } of files) promises.uncertain.add(id);
    if (!(await change(folder, 'DELETE'))) return false;
    for (const { id } of files) {
      promises.kept.delete(id);
      promises.gone.add(id);
      promises.uncertain.delete(id);
    }
    return true;
  }

  /** Uploads, renames and deletes until the server is gone. Names are few, so that they are often taken. */
  async function work(worker: number): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      const file = await upload(`${turn % 3}.bin`, turn % 5 === 4 ? 3_000_000 : 20_000);
      if (file === null) return;
      if (turn % 3 === worker % 3 && !(await workOnFolder(turn % 2 === 0))) return;
      if (
        turn % 4 === 1 &&
        !(await change(file, 'PATCH', { filename: `renamed ${worker} ${file.id}.bin` }))
      )
        return;
      if (turn % 4 === 3 && !(await change(file, 'DELETE'))) return;
    }
  }

  async function change(
    file: FileMetadata,
    method: 'PATCH' | 'DELETE',
    body?: unknown,
  ): Promise<boolean> {
    promises.uncertain.add(file.id);
    const request = fetch(`${server.url}/api/v1/files/${file.id}`, {
      method,
      ...(body === undefined
        ? { headers }
        : {
            headers: { ...headers, 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
    const response = await request.catch(() => null);
    if (response === null) return false;
    if (method === 'DELETE') {
      if (response.status !== 204) return false;
      promises.kept.delete(file.id);
      promises.folders.delete(file.id);
      promises.gone.add(file.id);
    } else {
      const changed = await answerOf(Promise.resolve(response));
      if (changed === null) return false;
      (file.kind === 'folder' ? promises.folders : promises.kept).set(file.id, changed);
    }
    promises.uncertain.delete(file.id);
    return true;
  }

  async function expectPromisesKept(): Promise<void> {
    const listed = await listAll();
    const byId = new Map(listed.map((file) => [file.id, file]));
    for (const [id, file] of promises.kept) {
      if (promises.uncertain.has(id)) continue;
      // Where it lies changes with the folders above.
      expect(byId.get(id)).toEqual({ ...file, storagePath: byId.get(id)?.storagePath });
    }
    for (const id of promises.gone) expect(byId.has(id)).toBe(false);
    await expectFoldersKept();

    const onDisk = await readdir(path.join(dataDir, 'files'), {
      recursive: true,
      withFileTypes: true,
    });
    const served = onDisk
      .map((entry) => ({
        isFolder: entry.isDirectory(),
        path: path.relative(path.join(dataDir, 'files'), path.join(entry.parentPath, entry.name)),
      }))
      .filter((entry) => !entry.path.startsWith('.homeserver'));
    const names = served.filter(({ isFolder }) => !isFolder).map((entry) => entry.path);
    expect(names.sort()).toEqual(listed.map((file) => file.storagePath).sort());
    for (const file of listed) {
      const sha256 = hashOf(await readFile(path.join(dataDir, 'files', file.storagePath)));
      expect(promises.sent.has(sha256)).toBe(true);
      expect(file.sha256).toBe(sha256);
    }
    const [drive] = (await read({ url: server.url, token }, '/api/v1/drives', drivePageSchema))
      .items;
    expect(drive).toMatchObject({ entryCount: served.length, usedBytes: sizeOf(listed) });
  }

  async function expectFoldersKept(): Promise<void> {
    for (const [id, folder] of promises.folders) {
      if (promises.uncertain.has(id)) continue;
      const response = await fetch(`${server.url}/api/v1/files/${id}/metadata`, { headers });
      const { parentId, filename, version } = fileMetadataSchema.parse(await response.json());
      expect({ parentId, filename, version }).toEqual({
        parentId: folder.parentId,
        filename: folder.filename,
        version: folder.version,
      });
    }
  }

  async function listAll(): Promise<FileMetadata[]> {
    const files: FileMetadata[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = filePageSchema.parse(
        await (await fetch(`${server.url}/api/v1/files/list${query}`, { headers })).json(),
      );
      files.push(...page.items);
      cursor = page.nextCursor;
    }
    return files;
  }

  it(
    `should keep every promise when it is killed ${CRASHES} times in the middle`,
    async () => {
      const moments = fc.sample(fc.integer({ min: 1, max: 1500 }), {
        numRuns: CRASHES,
        seed: 20261124,
      });
      for (const moment of moments) {
        const workers = Array.from({ length: WORKERS }, (_, worker) => work(worker));
        await delay(moment); // the moment of the crash: what the test is about, not what it waits for
        await server.kill();
        await Promise.all(workers);
        server = await ServerProcess.start({ DATA_DIR: dataDir, DATABASE_URL: '' });
        await expectPromisesKept();
        // What was not answered may have happened: what is there now is what counts from here on.
        for (const id of promises.uncertain) {
          promises.kept.delete(id);
          promises.folders.delete(id);
        }
        promises.uncertain.clear();
        for (const file of await listAll()) promises.kept.set(file.id, file);
      }
      expect(promises.kept.size).toBeGreaterThan(0);
    },
    CRASHES * 60_000,
  );

  it('should have told of every file that is there, in a log without gaps', async () => {
    const created = new Set<string>();
    let last = 0;
    for (let cursor: string | null = '0'; cursor !== null;) {
      const page: {
        items: { id: string; type: string; subject: string }[];
        nextCursor: string | null;
      } = await read(
        { url: server.url, token },
        `/api/v1/events?limit=1000&cursor=${cursor}`,
        eventPageSchema,
      );
      for (const event of page.items) {
        expect(Number(event.id)).toBe(last + 1);
        last = Number(event.id);
        if (event.type === 'homeserver.file.created') created.add(event.subject);
      }
      cursor = page.nextCursor;
    }
    for (const file of await listAll()) expect(created.has(`files/${file.id}`)).toBe(true);
  });

  it('should stop cleanly when it is asked to, and have its files when it is started again', async () => {
    expect(await server.stop()).toBe(0);
    server = await ServerProcess.start({ DATA_DIR: dataDir, DATABASE_URL: '' });

    await expectPromisesKept();
  });
});

/** The file of an answer; null when there was none, or none that promises anything. */
async function answerOf(request: Promise<Response>): Promise<FileMetadata | null> {
  try {
    const response = await request;
    return response.ok ? fileMetadataSchema.parse(await response.json()) : null;
  } catch {
    return null; // the server was killed before, or while, it answered
  }
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function sizeOf(files: readonly FileMetadata[]): number {
  return files.reduce((sum, file) => sum + file.size, 0);
}

import {
  drivePageSchema,
  driveSchema,
  type Drive,
  eventPageSchema,
  fileDetailsSchema,
  type FileMetadata,
  fileMetadataSchema,
  type Job,
  jobSchema,
} from '@homeserver/dto';

import { expect } from '@jest/globals';

import { FolderTotals } from '../src/drives';
import { eventually } from './eventually';
import { read, readProblem, upload } from './files-client';
import { query } from './query';
import type { TestApp } from './test-app';

/** What tests do with files and folders, as the administrator. */
export class EntriesClient {
  constructor(readonly server: TestApp) {}

  async call(method: string, route: string, body?: unknown): Promise<Response> {
    return fetch(`${this.server.url}/api/v1/${route}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }

  /** The default drive. */
  async defaultDrive(): Promise<Drive> {
    const [drive] = (await read(this.server, '/api/v1/drives', drivePageSchema)).items;
    if (drive === undefined) throw new Error('There is no default drive.');
    return drive;
  }

  async addDrive(name: string, path: string): Promise<Drive> {
    const response = await this.call('POST', 'drives', { name, path });
    if (response.status !== 201) throw new Error(await response.text());
    return driveSchema.parse(await response.json());
  }

  async makeFolder(filename: string, parentId: string | null = null): Promise<FileMetadata> {
    return this.fileOf(await this.call('POST', 'files/folders', { filename, parentId }), 201);
  }

  async uploadTo(folderId: string, name: string, content: string | Buffer = 'content') {
    return upload(this.server, { name, content, query: `?folderId=${folderId}` });
  }

  /**
   * Uploads a file whose bytes are others than those of its hash, as if they had gone bad. It is the hash that is
   * changed: whoever changes the bytes may be seen by the index before the time is set back.
   */
  async uploadRotten(folderId: string, name: string): Promise<FileMetadata> {
    const { id } = await this.uploadTo(folderId, name, 'as it is');
    await query(
      this.server.database.url,
      `update file_metadata set sha256 = sha256('as it was') where id = $1`,
      [id],
    );
    return this.describe(id);
  }

  async describe(id: string) {
    return read(this.server, `/api/v1/files/${id}/metadata`, fileDetailsSchema);
  }

  async download(id: string): Promise<string> {
    return (await this.call('GET', `files/${id}/download`)).text();
  }

  /** What was told of a file until now: `created`, `moved` and so on. */
  async eventsOf({ id }: Pick<FileMetadata, 'id'>): Promise<string[]> {
    const { items } = await read(this.server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
    return items
      .filter(({ subject }) => subject === `files/${id}`)
      .map(({ type }) => type.replace('homeserver.file.', ''));
  }

  async fileOf(response: Response, status: number): Promise<FileMetadata> {
    if (response.status !== status) throw new Error(`${response.status} ${await response.text()}`);
    return fileMetadataSchema.parse(await response.json());
  }

  async jobOf(response: Response): Promise<Job> {
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    return jobSchema.parse(await response.json());
  }

  /** Waits until a job is over. */
  async ended({ id }: Pick<Job, 'id'>): Promise<Job> {
    return eventually(async () => {
      const job = await read(this.server, `/api/v1/jobs/${id}`, jobSchema);
      if (job.finishedAt === null) throw new Error(`The job is ${job.state}.`);
      return job;
    });
  }

  /**
   * The code of a refusal by what an entry is said to be. The index would correct that as soon as it has looked:
   * the database holds on to it until the answer is there.
   */
  async refusalWhen(
    id: string,
    nature: 'mount' | 'unreadable',
    call: () => Promise<Response>,
  ): Promise<string> {
    const url = this.server.database.url;
    await query(
      url,
      `create function keep_nature() returns trigger language plpgsql
         as 'begin new.nature := ''${nature}''; return new; end';
       create trigger keep_nature before update on file_metadata
         for each row when (old.id = '${id}') execute function keep_nature();
       update file_metadata set nature = '${nature}' where id = '${id}'`,
    );
    try {
      const { status, code } = await readProblem(await call());
      expect(status).toBe(409);
      return code;
    } finally {
      await query(
        url,
        `drop trigger keep_nature on file_metadata;
         drop function keep_nature;
         update file_metadata set nature = 'plain' where id = '${id}'`,
      );
    }
  }

  /** Waits until the index knows what lies at a path of the default drive. */
  async found(path: string): Promise<string> {
    return eventually(async () => {
      const [row] = await query<{ id: string }>(
        this.server.database.url,
        `select f.id from file_metadata f join drives d on d.id = f.drive_id and d.is_default
         where entry_path(f.id) = $1 and f.state = 'live'`,
        [path],
      );
      if (row === undefined) throw new Error(`Nothing is known at ${path}.`);
      return row.id;
    });
  }

  /** What a folder holds, as the index keeps it: files, folders, bytes. */
  async totalsOf(id: string): Promise<[number | null, number | null, number]> {
    await this.server.app.get(FolderTotals).settle();
    const { fileCount, folderCount, size } = await this.describe(id);
    return [fileCount, folderCount, size];
  }
}

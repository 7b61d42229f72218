import { randomUUID } from 'node:crypto';

import { type Drive, drivePageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { read } from '../../../test/files-client';
import { query } from '../../../test/query';
import { StatementLog } from '../../../test/statement-log';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { uuid7 } from '../../platform/database/uuid7';
import { CommitIntents } from './commit-intents.repository';
import { type NewFile, newFile } from './new-entry';

const HOLDER = randomUUID();

describe('the intents of commits', () => {
  let server: TestApp;
  let drive: Drive;

  beforeAll(async () => {
    server = await startTestApp();
    const [first] = (await read(server, '/api/v1/drives', drivePageSchema)).items;
    if (first === undefined) throw new Error('There is no drive.');
    drive = first;
  });
  afterAll(() => server.close());

  function fileOf(filename: string, modifiedAt = new Date()): NewFile {
    return newFile(
      { id: uuid7(), parentId: drive.rootFolderId, filename },
      {
        stagedName: uuid7(),
        sha256: null,
        size: 5,
        modifiedAt,
        inode: 2n ** 63n,
        birthNs: 1_795_824_000_123_456_789n,
      },
      { contentType: 'text/plain', tags: ['a, b', '"c"'], scan: null, uploadedBy: null },
    );
  }

  const insert = (entry: NewFile, driveId = drive.id) =>
    server.app.get(CommitIntents).insert({ entry, driveId, leaseHolder: HOLDER });
  const intentsWritten = (log: StatementLog) =>
    log.take().filter((statement) => statement.includes('insert into file_metadata')).length;

  it('should write those together that come while one is written, and refuse those alone whose names are taken', async () => {
    await insert(fileOf('taken'));
    const log = new StatementLog();
    const names = ['b', 'taken', 'a', 'c', 'a'];
    const outcomes = await Promise.allSettled(names.map((name) => insert(fileOf(name))));
    log.stop();

    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(intentsWritten(log)).toBe(1);
  });

  it('should keep all that is known of an entry', async () => {
    const entry = fileOf('odd “name” \\ "quoted"\u0001');
    await insert(entry);

    const [row] = await query(
      server.database.url,
      `select tags, inode::text, birth_ns::text as "birthNs", filename, modified_at as "modifiedAt" from file_metadata where id = $1`,
      [entry.id],
    );
    expect(row).toEqual({
      tags: entry.tags,
      inode: '9223372036854775808',
      birthNs: '1795824000123456789',
      filename: entry.filename,
      modifiedAt: entry.modifiedAt,
    });
  });

  it.each([8.64e15, -8.64e15, Date.UTC(-5, 0)])(
    'should take a time of change that no calendar has, such as %d',
    async (time) => {
      expect(await insert(fileOf(`time ${time}`, new Date(time)))).toBe('');
    },
  );

  it('should write nothing into a folder of another drive', async () => {
    expect(await insert(fileOf('elsewhere'), randomUUID())).toBeNull();
  });
});

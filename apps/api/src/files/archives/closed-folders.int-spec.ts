import type { FileMetadata } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { readZip } from '../../../test/zip-reader';
import { DriveOfflineError, DrivesService } from '../../drives';
import { DriveForbiddenError } from '../../drives/drives.errors';

describe('an archive with a folder that cannot be opened', () => {
  let server: TestApp;
  let drives: DrivesService;
  let folder: FileMetadata;

  beforeAll(async () => {
    server = await startTestApp();
    drives = server.app.get(DrivesService);
    const client = new EntriesClient(server);
    folder = await client.makeFolder('All');
    for (const name of ['A', 'Closed', 'Z'])
      await client.uploadTo((await client.makeFolder(name, folder.id)).id, 'inner.txt', name);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => server.close());

  /** Nobody closes a folder to root. */
  async function closeFolder(refuse: () => Error): Promise<void> {
    const { storage } = await drives.find(folder.driveId);
    const hold = storage.holdFolder.bind(storage);
    jest.spyOn(storage, 'holdFolder').mockImplementation(async (place) => {
      if (place === 'All/Closed') throw refuse();
      return hold(place);
    });
  }

  const pack = async () => {
    const response = await fetch(`${server.url}/api/v1/files/${folder.id}/zip`);
    return readZip(Buffer.from(await response.arrayBuffer()));
  };

  it.each([
    ['the system forbids it', new DriveForbiddenError('Files', null)],
    ['the disk cannot read it', new DriveOfflineError('Files')],
    ['the system has another fault', new Error('EUCLEAN')],
  ])('should name it, and have all the rest, when %s', async (_, error) => {
    await closeFolder(() => error);
    const entries = await pack();

    expect(entries.map(({ name }) => name)).toEqual([
      'All/',
      'All/A/',
      'All/A/inner.txt',
      'All/Closed/',
      'All/Z/',
      'All/Z/inner.txt',
      '_what is missing.txt',
    ]);
    expect(entries.at(-1)?.content.toString()).toContain(
      'All/Closed\r\n    It could not be opened',
    );
  });

  it('should break off when it is the drive that is away', async () => {
    await closeFolder(() => {
      jest.spyOn(drives, 'stateOf').mockResolvedValue('offline');
      return new DriveOfflineError('Files');
    });

    await expect(pack()).rejects.toThrow('terminated');
  });
});

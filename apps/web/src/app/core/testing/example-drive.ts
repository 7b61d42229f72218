import type { Drive } from '@homeserver/dto';

/** A drive for tests: online, writable, indexed. */
export function exampleDrive(values: Partial<Drive> = {}): Drive {
  return {
    id: 'drive-1',
    name: 'Files',
    rootFolderId: 'folder-1',
    kind: 'posix',
    state: 'online',
    readOnly: false,
    access: 'write',
    ownerId: null,
    usedBytes: 1,
    freeBytes: 1.22e12,
    totalBytes: 2e12,
    entryCount: 1,
    index: {
      state: 'idle',
      scannedCount: 1,
      watching: 'notifications',
      scannedAt: '2026-08-14T10:00:00.000Z',
    },
    attention: null,
    corruptedCount: 0,
    settings: null,
    ...values,
  };
}

import type { FileVersion } from '@homeserver/dto';

import { DRIVE_ID, sampleFile } from '../testing/sample-file';
import { replacedInWords, versionFacts } from './version-words';

const VERSION: FileVersion = {
  id: 'one',
  fileId: 'a.txt',
  driveId: DRIVE_ID,
  size: 2048,
  sha256: null,
  contentType: 'text/plain',
  modifiedAt: '2026-08-01T10:00:00.000Z',
  replacedAt: '2026-08-14T10:00:00.000Z',
  replacedBy: 'anna',
  corruptedAt: null,
};

describe('the words about an earlier version', () => {
  it('should say when it was replaced', () => {
    const now = new Date('2026-08-14T10:02:30.000Z');
    expect(replacedInWords(VERSION, now)).toBe('Replaced 2 min ago');
    expect(replacedInWords(VERSION, new Date('2026-10-14T10:02:30.000Z'))).toBe('Replaced 14 Aug');
  });

  it('should say how large it is and whose content took its place', () => {
    const file = sampleFile('a.txt');
    expect(versionFacts(VERSION, file)).toBe('2\u00a0kB, by anna');
    expect(versionFacts({ ...VERSION, replacedBy: null }, file)).toBe('2\u00a0kB');
  });

  it('should say so when it lies on the drive that the file has left', () => {
    const moved = sampleFile('a.txt', { driveId: 'other' });
    expect(versionFacts(VERSION, moved)).toBe('2\u00a0kB, by anna, on its former drive');
  });

  it('should say first that it is corrupted', () => {
    const version = { ...VERSION, corruptedAt: '2026-08-15T03:12:40.000Z' };
    expect(versionFacts(version, sampleFile('a.txt'))).toBe('corrupted, 2\u00a0kB, by anna');
  });
});

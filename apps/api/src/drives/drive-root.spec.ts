import { describe, expect, it } from '@jest/globals';

import { doOverlap, isOfSystem, type RootLocation } from './drive-root';

function location(
  place: string,
  key: string,
  inFilesystem: RootLocation['inFilesystem'] = null,
): RootLocation {
  return { place, key, inFilesystem };
}

describe('doOverlap', () => {
  it.each([
    ['the same folder under another path', location('/a', '8:2'), location('/b', '8:2')],
    ['a folder in it', location('/a', '8:2'), location('/a/b', '8:3')],
    ['a folder around it', location('/a/b', '8:3'), location('/a', '8:2')],
    [
      'a folder in it that is mounted elsewhere',
      location('/srv/media', '8:2', { device: '8:1', path: '/srv/media' }),
      location('/mnt/films', '8:3', { device: '8:1', path: '/srv/media/films' }),
    ],
    [
      'a whole disk of which it is a folder, mounted twice',
      location('/mnt/films', '8:3', { device: '8:1', path: '/films' }),
      location('/media/disk', '8:4', { device: '8:1', path: '/' }),
    ],
  ])('should see %s', (_what, one, other) => {
    expect(doOverlap(one, other)).toBe(true);
    expect(doOverlap(other, one)).toBe(true);
  });

  it.each([
    ['beside one another', location('/a/b', '8:3'), location('/a/bc', '8:4')],
    [
      'of one path on two disks',
      location('/mnt/one', '8:3', { device: '8:1', path: '/' }),
      location('/mnt/two', '8:19', { device: '8:17', path: '/' }),
    ],
    ['of which nothing more is known', location('/a', '8:2'), location('/b', '9:2')],
  ])('should let two be that are %s', (_what, one, other) => {
    expect(doOverlap(one, other)).toBe(false);
  });
});

describe('isOfSystem', () => {
  it.each([
    '/',
    '/proc',
    '/proc/self/root',
    '/sys',
    '/dev/shm',
    '/run/user/1000',
    '/boot',
    '/etc/x',
  ])('should take %s for the system’s', (place) => {
    expect(isOfSystem(place)).toBe(true);
  });

  it.each(['/srv', '/etcetera', '/run/media/anna/DISK', '/home/anna', '/mnt'])(
    'should leave %s to people',
    (place) => {
      expect(isOfSystem(place)).toBe(false);
    },
  );
});

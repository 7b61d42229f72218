import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { uuid7 } from '../platform/database/uuid7';
import { readMarker, writeMarker } from './drive-marker.adapter';

describe('the marker of a drive', () => {
  let parent: string;
  let place: string;
  const id = uuid7();

  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'homeserver-marker-'));
    place = path.join(parent, 'drive');
    await mkdir(path.join(place, '.homeserver'), { recursive: true });
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const own = (name: string) => path.join(place, '.homeserver', name);

  it('should be written on the drive alone when somebody has put links where it is written', async () => {
    await writeFile(path.join(parent, 'secret'), 'not ours');
    await symlink(path.join(parent, 'secret'), own('drive.json.new'));
    await symlink(path.join(parent, 'secret'), own('drive.json'));

    await writeMarker(place, id);

    expect(await readFile(path.join(parent, 'secret'), 'utf8')).toBe('not ours');
    expect(await readMarker(place)).toEqual({ kind: 'marked', id });
  });

  it('should be written nowhere when our folder is a link', async () => {
    await mkdir(path.join(parent, 'elsewhere'));
    await rm(path.join(place, '.homeserver'), { recursive: true });
    await symlink(path.join(parent, 'elsewhere'), path.join(place, '.homeserver'));

    await expect(writeMarker(place, id)).rejects.toThrow(/ELOOP|ENOTDIR/);

    expect(await readdir(path.join(parent, 'elsewhere'))).toEqual([]);
  });

  it('should not be waited for, nor read, when a pipe, a device, or something long is in its place', async () => {
    execFileSync('mkfifo', [own('drive.json')]);
    expect(await readMarker(place)).toEqual({ kind: 'unmarked' });

    await rm(own('drive.json'));
    await symlink('/dev/null', own('drive.json'));
    expect(await readMarker(place)).toEqual({ kind: 'unmarked' });

    await rm(own('drive.json'));
    await writeFile(own('drive.json'), `${' '.repeat(100_000)}${JSON.stringify({ id })}`);
    expect(await readMarker(place)).toEqual({ kind: 'unmarked' });
  });
});

import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../../test/capabilities';
import { postgresIdentity } from './postgres-identity';

const NOBODY = 65534;
/** Programs that everybody may run stand in for those of PostgreSQL. */
const BINARIES = '/usr/bin';

describe('postgresIdentity', () => {
  let folder: string;
  let dataFolder: string;
  const searched = process.env['PATH'] ?? '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'homeserver-identity-'));
    chmodSync(folder, 0o755);
    dataFolder = path.join(folder, 'data', 'postgres');
    mkdirSync(dataFolder, { recursive: true });
  });

  afterEach(() => {
    process.env['PATH'] = searched;
    rmSync(folder, { recursive: true });
  });

  /** As on a machine, or in a container, that forbids user namespaces. */
  function forbidUserNamespaces(): void {
    const programs = path.join(folder, 'programs');
    mkdirSync(programs);
    writeFileSync(path.join(programs, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    process.env['PATH'] = `${programs}:${searched}`;
  }

  describeNeeding('root', 'as root', () => {
    it('should go into a user namespace where that is allowed, and leave the owner of the data', () => {
      expect(postgresIdentity(dataFolder, BINARIES)).toEqual({
        prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000'],
      });
    });

    it('should be the owner of the data where user namespaces are forbidden', () => {
      forbidUserNamespaces();
      chownSync(dataFolder, NOBODY, NOBODY);

      expect(postgresIdentity(dataFolder, BINARIES)).toEqual({
        prefix: [],
        uid: NOBODY,
        gid: NOBODY,
      });
    });

    it('should name the folder that this user cannot pass', () => {
      forbidUserNamespaces();
      chownSync(dataFolder, NOBODY, NOBODY);
      const closed = path.dirname(dataFolder);
      chmodSync(closed, 0o700);

      expect(() => postgresIdentity(dataFolder, BINARIES)).toThrow(
        `its user cannot pass the folder ${closed}. Make it passable`,
      );
    });
  });

  it('should be this user when it is not root', () => {
    const asked = process.getuid;
    process.getuid = () => 1000;
    try {
      expect(postgresIdentity(dataFolder, BINARIES)).toEqual({ prefix: [] });
    } finally {
      if (asked !== undefined) process.getuid = asked;
    }
  });
});

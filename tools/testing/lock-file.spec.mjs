import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '..', '..');
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The first versions without a known hole, as [major, minor]. */
const SAFE_FROM = {
  multer: [2, 2],
  ws: [8, 21],
  'path-to-regexp': [8, 4],
  qs: [6, 16],
};

/** Every copy of a package, wherever npm has put it, for the product alone. */
function versionsOf(name) {
  return Object.entries(packages)
    .filter(([place, { dev }]) => place.endsWith(`node_modules/${name}`) && dev !== true)
    .map(([place, { version }]) => ({ place, version }));
}

function isAtLeast(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

describe('the lock file', () => {
  it.each(Object.entries(SAFE_FROM))(
    'should have no %s older than its last security fix',
    (name, least) => {
      const versions = versionsOf(name);

      expect(versions).not.toEqual([]);
      expect(versions.filter(({ version }) => !isAtLeast(version, least))).toEqual([]);
    },
  );

  it.each(['multer', 'typeorm', '@nestjs/common', '@nestjs/core', 'zod', 'rxjs', 'express'])(
    'should have one copy of %s: two would not know each other',
    (name) => {
      expect(versionsOf(name).map(({ place }) => place)).toEqual([`node_modules/${name}`]);
    },
  );

  it('should be what package.json asks for', () => {
    expect(packages[''].dependencies).toEqual(manifest.dependencies);
    expect(packages[''].devDependencies).toEqual(manifest.devDependencies);
  });

  it('should pin every package of ours to one version', () => {
    const all = {
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    };

    expect(
      Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([]);
  });

  it('should name no registry: each machine has its own', () => {
    const hosts = new Set(
      Object.values(packages)
        .filter(({ resolved }) => resolved?.startsWith('http'))
        .map(({ resolved }) => new URL(resolved).host),
    );

    expect([...hosts]).toEqual([]);
  });
});

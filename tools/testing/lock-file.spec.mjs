import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '..', '..');
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The first versions without a known hole, in what the product ships: its server and its pages. */
const SAFE_FROM = {
  // GHSA-jrmj-c5cx-3cw6: a script's address in SVG that is not sanitized
  '@angular/compiler': '21.0.7',
  '@angular/core': '21.0.7',
  // GHSA-58c5-g7wp-6w37: the XSRF token goes to other sites
  '@angular/common': '21.0.1',
  // GHSA-4jpv-8r57-pv7j: a stream stays open when its reader leaves
  '@nestjs/core': '9.0.5',
  // GHSA-wqch-xfxh-vrr4: forms that take the server's time
  'body-parser': '2.2.1',
  // GHSA-pxg6-pf52-xh8x: names and paths that leave their place in the header
  cookie: '0.7.0',
  // GHSA-qw6h-vgh9-j6wx: redirects that run a script
  express: '5.0.0',
  // CVE-2026-31808: a file that is looked at for ever
  'file-type': '21.3.1',
  // GHSA-hhhv-q57g-882q: a compressed token that grows without end
  jose: '4.15.5',
  // GHSA-mh29-5h37-fv8m: merge keys that change what objects are
  'js-yaml': '4.1.1',
  // GHSA-3p4h-7m6x-2hcm, GHSA-72gw-mp4g-v24j: forms that are never let go, names nested without end
  multer: '2.2.0',
  // GHSA-76c9-3jph-rj3q: headers that are changed on their way out
  'on-headers': '1.1.0',
  // GHSA-j3q9-mxjg-w52f, GHSA-27v5-c462-wpq7: addresses that take the server's time
  'path-to-regexp': '8.4.0',
  // GHSA-jqcg-44mw-7w3h: a trusted network that is everybody
  'proxy-addr': '2.0.8',
  // GHSA-x5fp-wj9c-mxmx, GHSA-6rw7-vpxm-498p: lists beyond their limit
  qs: '6.16.0',
  // GHSA-m6fv-jmcg-4jfg, GHSA-cm22-4g7w-348p: redirects that run a script
  send: '0.19.0',
  'serve-static': '2.1.0',
  // GHSA-q2pj-6v73-8rgj: columns that a caller adds to an update
  typeorm: '0.3.26',
  // GHSA-96hv-2xvq-fx4p: messages in pieces that take all memory
  ws: '8.21.0',
  // GHSA-m95q-7qp3-xv42: addresses of mail that take the server's time
  zod: '3.22.3',
};

/** Every copy of a package, wherever npm has put it, for the product alone. */
function versionsOf(name) {
  return Object.entries(packages)
    .filter(([place, { dev }]) => place.endsWith(`node_modules/${name}`) && dev !== true)
    .map(([place, { version }]) => ({ place, version }));
}

/** Versions before a release (`-beta.1`) count as that release: none is taken without a look. */
function isAtLeast(version, least) {
  const [own, other] = [version, least].map((text) => text.split('-')[0].split('.').map(Number));
  const place = own.findIndex((number, index) => number !== other[index]);
  return place === -1 || own[place] > other[place];
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

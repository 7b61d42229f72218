import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '..', '..');
const read = (name) => readFileSync(path.join(root, name), 'utf8');

describe('make-secrets.sh', () => {
  let folder;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'homeserver-secrets-'));
    cpSync(path.join(root, 'deploy', 'make-secrets.sh'), path.join(folder, 'make-secrets.sh'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const run = () => spawnSync(path.join(folder, 'make-secrets.sh'), { encoding: 'utf8' });
  const secret = (name) => readFileSync(path.join(folder, 'secrets', name), 'utf8');
  const readAll = () =>
    Object.fromEntries(
      readdirSync(path.join(folder, 'secrets')).map((name) => [name, secret(name)]),
    );

  it('should make one password for both sides when there is none', () => {
    expect(run().status).toBe(0);

    const password = secret('database-password').trim();
    expect(password).toMatch(/^[0-9a-f]{64}$/);
    expect(secret('database-url')).toBe(
      `postgres://homeserver:${password}@database:5432/homeserver\n`,
    );
  });

  it('should keep other users of the machine out, and let each container read', () => {
    run();

    expect(statSync(path.join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'secrets', 'database-url')).mode & 0o777).toBe(0o444);
  });

  it('should make the first administrator a password that HomeServer takes', () => {
    run();

    const [, minimum] = /MINIMUM_PASSWORD_LENGTH = (\d+);/.exec(read('libs/dto/src/users.ts'));
    const { length } = secret('admin-password').trim();
    expect(length).toBeGreaterThanOrEqual(Number(minimum));
    expect(secret('database-password')).not.toContain(secret('admin-password').trim());
  });

  it('should make every secret that the containers are given', () => {
    run();

    const { secrets } = parse(read('docker-compose.yml'));
    const names = Object.values(secrets).map(({ file }) => path.basename(file));
    expect(readdirSync(path.join(folder, 'secrets')).sort()).toEqual(names.sort());
  });

  it('should change nothing when all are there', () => {
    run();
    const before = readAll();

    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('is there already') });
    expect(readAll()).toEqual(before);
  });

  it('should add what an earlier version did not make, and leave the rest', () => {
    run();
    const before = readAll();
    rmSync(path.join(folder, 'secrets', 'admin-password'));

    expect(run()).toMatchObject({ status: 0, stdout: expect.stringMatching(/: admin-password\./) });
    expect(readAll()).toEqual({ ...before, 'admin-password': expect.stringMatching(/^\w+\n$/) });
  });

  it('should keep the password of the database when only its address is missing', () => {
    run();
    const before = readAll();
    rmSync(path.join(folder, 'secrets', 'database-url'));
    run();

    expect(readAll()).toEqual(before);
  });

  it('should not be taken into git', () => {
    expect(read('deploy/.gitignore').split('\n')).toContain('secrets/');
  });
});

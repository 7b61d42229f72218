import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';

import { type Config, ConfigError, readConfig } from './config';

describe('readConfig', () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'homeserver-config-'));
    writeFileSync(path.join(root, 'package.json'), JSON.stringify({ version: '1.2.3' }));
  });

  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  const read = (environment: NodeJS.ProcessEnv): Config => readConfig(environment, root);

  function messageFor(environment: NodeJS.ProcessEnv): string {
    try {
      read(environment);
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    throw new Error('The environment was taken.');
  }

  it('should take the defaults of the contract when nothing is set', () => {
    expect(read({})).toEqual({
      version: '1.2.3',
      port: 8000,
      host: '0.0.0.0',
      dataDir: path.join(root, 'data'),
      webRoot: path.join(root, 'dist', 'apps', 'web', 'browser'),
      databaseUrl: null,
      firstAdministrator: null,
      identityProvider: null,
      drives: [],
      metricsIntervalMs: 2000,
      publicUrl: null,
      trustProxy: null,
      corsOrigins: [],
      accelRedirect: null,
      virusScanner: null,
      logLevel: 'info',
      withoutEffect: [],
    });
  });

  it('should take a variable for absent when it is empty', () => {
    expect(read({ PORT: '', DATABASE_URL: '', PUBLIC_URL: '', DATABASE_URL_FILE: '' })).toEqual(
      read({}),
    );
  });

  it('should take each variable when its value is right', () => {
    expect(
      read({
        PORT: '18080',
        HOST: '127.0.0.1',
        DATA_DIR: '/srv/home',
        DATABASE_URL: 'postgresql://me:secret@db:5432/home',
        METRICS_INTERVAL_MS: '500',
        PUBLIC_URL: 'https://home.example.org/ignored/path',
        TRUST_PROXY: '2',
        CORS_ORIGINS: 'https://a.example.org, http://b.lan:3000/',
        LOG_LEVEL: 'debug',
      }),
    ).toMatchObject({
      port: 18080,
      host: '127.0.0.1',
      dataDir: '/srv/home',
      databaseUrl: 'postgresql://me:secret@db:5432/home',
      metricsIntervalMs: 500,
      publicUrl: 'https://home.example.org',
      trustProxy: 2,
      corsOrigins: ['https://a.example.org', 'http://b.lan:3000'],
      logLevel: 'debug',
    });
  });

  it('should know the drives when DRIVES names them', () => {
    const DRIVES = 'Media=/Volumes/allDaStuffs, Old films = /mnt/a=b:c/:ro,New=/srv/new:rw,';

    expect(read({ DRIVES }).drives).toEqual([
      { name: 'Media', path: '/Volumes/allDaStuffs', readOnly: false },
      { name: 'Old films', path: '/mnt/a=b:c/', readOnly: true },
      { name: 'New', path: '/srv/new', readOnly: false },
    ]);
  });

  it('should count a relative DATA_DIR from the repository', () => {
    expect(read({ DATA_DIR: 'elsewhere/data' }).dataDir).toBe(path.join(root, 'elsewhere', 'data'));
  });

  it('should have no web app when a web server in front serves it', () => {
    expect(read({ SERVE_WEB_APP: 'false' }).webRoot).toBeNull();
  });

  it.each([
    ['loopback', 'loopback'],
    ['10.0.0.0/8, 192.168.1.1', '10.0.0.0/8,192.168.1.1'],
    ['fd00::/8,loopback', 'fd00::/8,loopback'],
  ])('should trust the proxies “%s”', (value, trusted) => {
    const { trustProxy } = read({ TRUST_PROXY: value });

    expect(trustProxy).toBe(trusted);
    expect(() => express().set('trust proxy', trustProxy)).not.toThrow();
  });

  it.each([
    ['PORT', 'eighty', /a port, 0 to 65535/],
    ['PORT', '70000', /a port, 0 to 65535/],
    ['PORT', '-1', /a port, 0 to 65535/],
    ['PORT', '0x50', /a port, 0 to 65535/],
    ['PORT', '80.5', /a port, 0 to 65535/],
    ['METRICS_INTERVAL_MS', 'often', /milliseconds, 250 to 3600000/],
    ['METRICS_INTERVAL_MS', '10', /milliseconds, 250 to 3600000/],
    ['METRICS_INTERVAL_MS', '3600001', /milliseconds, 250 to 3600000/],
    ['PUBLIC_URL', 'home.example.org', /https:\/\/home\.example\.org/],
    ['PUBLIC_URL', 'ftp://home.example.org', /https:\/\/home\.example\.org/],
    ['SERVE_WEB_APP', 'no', /true or false/],
    ['TRUST_PROXY', 'yes', /addresses/],
    ['TRUST_PROXY', '300.1.2.3', /addresses/],
    ['TRUST_PROXY', '10.0.0.0/33', /addresses/],
    ['TRUST_PROXY', '10.0.0.0/8/8', /addresses/],
    ['CORS_ORIGINS', 'https://fine.example.org,not-an-origin', /https:\/\/home\.example\.org/],
    ['LOG_LEVEL', 'loud', /info/],
    ['DRIVES', '/mnt/media', /Media=\/mnt\/media/],
    ['DRIVES', 'Media=media', /Media=\/mnt\/media/],
    ['DRIVES', 'a/b=/mnt/media', /Media=\/mnt\/media/],
    ['DRIVES', 'Media=/mnt/a,Media=/mnt/b', /each once/],
    ['DRIVES', 'Media=/mnt/a,Films=/mnt//a', /each once/],
    ['OIDC_ISSUER', 'id.example.org', /https:\/\/id\.example\.org/],
    ['OIDC_ISSUER', 'http://id.example.org', /home network/],
    ['OIDC_ISSUER', 'http://203.0.113.7', /home network/],
    ['OIDC_ISSUER', 'http://[2001:db8::7]', /home network/],
    ['OIDC_ISSUER', 'https://me:secret@id.example.org', /home network/],
    ['OIDC_ISSUER', 'https://id.example.org/?a=b', /home network/],
    ['OIDC_CREATE_USERS', 'yes', /true or false/],
  ])(
    'should name the variable, what it got and what it takes when %s is “%s”',
    (name, value, takes) => {
      const message = messageFor({ [name]: value });

      expect(message).toContain(name);
      expect(message).toContain(`“${value}”`);
      expect(message).toMatch(takes);
      expect(message).not.toContain('\n');
    },
  );

  it.each(['mysql://me:hunter2@db/home', 'hunter2'])(
    'should not repeat DATABASE_URL when it is wrong',
    (value) => {
      const message = messageFor({ DATABASE_URL: value });

      expect(message).toMatch(/^DATABASE_URL .*postgres:\/\//);
      expect(message).not.toContain('hunter2');
    },
  );

  it('should know the identity provider when it is named', () => {
    const issuer = 'https://id.example.org/realms/home';

    expect(read({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'homeserver' }).identityProvider).toEqual({
      issuer,
      clientId: 'homeserver',
      clientSecret: null,
      name: 'your identity provider',
      createsUsers: false,
    });
    expect(
      read({
        OIDC_ISSUER: issuer,
        OIDC_CLIENT_ID: 'homeserver',
        OIDC_CLIENT_SECRET: 'a secret',
        OIDC_NAME: 'Keycloak',
        OIDC_CREATE_USERS: 'true',
      }).identityProvider,
    ).toMatchObject({ clientSecret: 'a secret', name: 'Keycloak', createsUsers: true });
  });

  it.each([
    'http://localhost:8080',
    'http://keycloak:8080',
    'http://id.lan',
    'http://127.0.0.1:9000',
    'http://192.168.1.9',
    'http://172.31.0.2',
    'http://[fd00::9]:8080',
  ])('should take the identity provider %s without HTTPS, for it is at home', (issuer) => {
    const { identityProvider } = read({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'homeserver' });

    expect(identityProvider?.issuer).toBe(`${issuer}/`);
  });

  it.each([
    [{ OIDC_ISSUER: 'https://id.example.org' }, /^OIDC_ISSUER .* OIDC_CLIENT_ID is not/],
    [{ OIDC_CLIENT_ID: 'homeserver' }, /^OIDC_CLIENT_ID .* OIDC_ISSUER is not/],
    [{ OIDC_CLIENT_SECRET: 'hunter2' }, /^OIDC_CLIENT_SECRET .* OIDC_ISSUER is not/],
  ])('should say what is missing when %j alone is set', (environment, message) => {
    expect(messageFor(environment)).toMatch(message);
    expect(messageFor(environment)).not.toContain('hunter2');
  });

  it('should name one wrong variable at a time when several are wrong', () => {
    expect(messageFor({ PORT: 'x', LOG_LEVEL: 'x' }).match(/it takes/g)).toHaveLength(1);
  });

  it('should say which variables have no effect yet when they are set', () => {
    expect(
      read({ ACCEL_REDIRECT: '/accel/', SMTP_URL: 'smtp://x', CLAMD_URL: '' }).withoutEffect,
    ).toEqual(['SMTP_URL']);
  });

  it.each([
    ['tcp://127.0.0.1:3310', { host: '127.0.0.1', port: 3310 }],
    ['tcp://scanner.lan:1', { host: 'scanner.lan', port: 1 }],
    ['tcp://[::1]:3310', { host: '::1', port: 3310 }],
    ['unix:/run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
    ['unix:///run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
  ])('should find the virus scanner when CLAMD_URL is %s', (url, address) => {
    expect(read({ CLAMD_URL: url }).virusScanner).toEqual({ address, unavailable: 'refuse' });
    const accepting = read({ CLAMD_URL: url, CLAMD_UNAVAILABLE: 'accept' });
    expect(accepting.virusScanner?.unavailable).toBe('accept');
  });

  it.each([
    ['CLAMD_URL', '127.0.0.1:3310'],
    ['CLAMD_URL', 'tcp://127.0.0.1'],
    ['CLAMD_URL', 'tcp://127.0.0.1:70000'],
    ['CLAMD_URL', 'unix:clamd.ctl'],
    ['CLAMD_URL', 'http://127.0.0.1:3310'],
    ['CLAMD_UNAVAILABLE', 'ignore'],
  ])('should stop the start with its name when %s is %s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });

  describe('with a secret in a file', () => {
    let file: string;

    beforeAll(() => {
      file = path.join(root, 'database-url');
    });

    it('should read it without the line end', () => {
      writeFileSync(file, 'postgres://me:secret@db/home\n');

      expect(read({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://me:secret@db/home');
    });

    it('should not repeat it when it is wrong', () => {
      writeFileSync(file, 'hunter2');
      const message = messageFor({ DATABASE_URL_FILE: file });

      expect(message).toContain('DATABASE_URL');
      expect(message).not.toContain('hunter2');
    });

    it('should refuse to choose when the variable is set as well', () => {
      expect(
        messageFor({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://me@db/home' }),
      ).toMatch(/^DATABASE_URL and DATABASE_URL_FILE are both set/);
    });

    it('should name the file when there is none', () => {
      expect(messageFor({ DATABASE_URL_FILE: '/nowhere/secret' })).toMatch(
        /^DATABASE_URL_FILE is “\/nowhere\/secret”/,
      );
    });

    it('should say so when the file is a folder', () => {
      expect(messageFor({ DATABASE_URL_FILE: root })).toMatch(
        /^DATABASE_URL_FILE is “.*”; it takes: a file that can be read/,
      );
    });
  });

  it('should take the first administrator, with the password from a file, when both are set', () => {
    const file = path.join(root, 'password');
    writeFileSync(file, 'the tide was high at nine\n');

    expect(read({ ADMIN_USERNAME: 'Anna', ADMIN_PASSWORD_FILE: file }).firstAdministrator).toEqual({
      username: 'anna',
      password: 'the tide was high at nine',
    });
  });

  it.each([
    [
      { ADMIN_USERNAME: 'anna' },
      'ADMIN_USERNAME is set, but ADMIN_PASSWORD is not; they take: both, or neither.',
    ],
    [
      { ADMIN_PASSWORD: 'the tide was high at nine' },
      'ADMIN_PASSWORD is set, but ADMIN_USERNAME is not; they take: both, or neither.',
    ],
    [
      { ADMIN_USERNAME: 'anna', ADMIN_PASSWORD: 'short' },
      'ADMIN_PASSWORD is a value that it cannot take; it takes: a password of 10 to 200 characters.',
    ],
  ])('should say what is missing when the first administrator is %j', (environment, words) => {
    expect(() => read(environment)).toThrow(words);
  });
});

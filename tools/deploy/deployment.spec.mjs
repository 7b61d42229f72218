import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { SERVER_ENVIRONMENT } from '../launcher/server-environment.mjs';
import { contextFilter, parseDockerfile, parseVariables } from './dockerfile.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const read = (name) => readFileSync(path.join(root, name), 'utf8');

const composeText = read('docker-compose.yml');
const { services, networks, secrets } = parse(composeText, { merge: true });
const dockerfiles = ['Dockerfile.api', 'Dockerfile.web'];
const caddyfile = read('deploy/Caddyfile');
const config = ['config.ts', 'virus-scanner.config.ts']
  .map((name) => read(`apps/api/src/platform/config/${name}`))
  .join('');

/** A number that the product's source gives a name, such as `const NAME = 60_000;`. */
function constantOf(file, name) {
  const [, digits] = new RegExp(`${name} = ([\\d_]+);`).exec(read(file)) ?? [];
  return Number(digits.replaceAll('_', ''));
}

const stopWithinSeconds = constantOf('apps/api/src/main.ts', 'STOP_WITHIN_MS') / 1000;

describe('docker-compose.yml', () => {
  it('should hold no password', () => {
    expect(composeText).not.toMatch(/PASSWORD:|postgres:\/\//);
    expect(services.database.environment.POSTGRES_PASSWORD_FILE).toBe(
      '/run/secrets/database-password',
    );
    expect(services.api.environment.DATABASE_URL_FILE).toBe('/run/secrets/database-url');
    for (const { file } of Object.values(secrets)) expect(file).toMatch(/^\.\/deploy\/secrets\//);
  });

  it.each(Object.entries(services))(
    'should give %s the secrets that its variables name, and no other',
    (_, { environment = {}, secrets: given = [] }) => {
      const named = Object.values(environment).flatMap(
        (value) => /\/run\/secrets\/([\w-]+)/.exec(value)?.[1] ?? [],
      );

      expect([...given].sort()).toEqual(named.sort());
    },
  );

  it.each(Object.entries(services))(
    'should give %s no right that it does not need',
    (_, service) => {
      expect(service).toMatchObject({
        restart: 'unless-stopped',
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        logging: { options: { 'max-size': '10m' } },
      });
      expect(service.privileged ?? service.cap_add ?? service.network_mode).toBeUndefined();
    },
  );

  it.each(['database', 'api', 'web'])('should run %s on a read-only root', (name) => {
    expect(services[name].read_only).toBe(true);
    expect(services[name].tmpfs).toContain('/tmp');
  });

  it('should pin the images of others to a major version', () => {
    expect(services.database.image).toMatch(/^postgres:\d+-/);
    expect(services.twingate.image).toMatch(/^twingate\/connector:\d+$/);
  });

  it('should publish the web server alone, and keep the database inside', () => {
    const published = Object.keys(services).filter((name) => services[name].ports !== undefined);

    expect(published).toEqual(['web']);
    expect(services.database.networks).toEqual(['inside']);
    expect(networks.inside.internal).toBe(true);
  });

  it('should start nothing before what it needs is well', () => {
    expect(services.api.depends_on.database.condition).toBe('service_healthy');
    expect(services.web.depends_on.api.condition).toBe('service_healthy');
  });

  it('should give the API longer to stop than it takes', () => {
    expect(Number.parseInt(services.api.stop_grace_period)).toBeGreaterThan(stopWithinSeconds);
  });

  it('should set no variable of the API that it does not read', () => {
    const names = Object.keys(services.api.environment).map((name) => name.replace(/_FILE$/, ''));

    expect(names.filter((name) => !config.includes(name))).toEqual([]);
  });

  it('should take each variable that example.env explains, and no other', () => {
    const taken = [...composeText.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    const explained = [...read('deploy/example.env').matchAll(/^([A-Z_]+)=/gm)];

    expect([...new Set(taken)].sort()).toEqual(explained.map(([, name]) => name).sort());
  });

  it('should give the first administrator a password only where they have a name', () => {
    expect(services.api.environment).toMatchObject({
      ADMIN_USERNAME: '${ADMIN_USERNAME:-}',
      ADMIN_PASSWORD_FILE: '${ADMIN_USERNAME:+/run/secrets/admin-password}',
    });
  });

  it('should have the connector of Twingate in its profile alone', () => {
    expect(Object.keys(services).filter((name) => services[name].profiles)).toEqual(['twingate']);
  });
});

describe.each(dockerfiles)('%s', (name) => {
  const stages = parseDockerfile(read(name));
  const last = stages.at(-1);
  const instructionsOf = (wanted) =>
    last.instructions.filter((instruction) => instruction.name === wanted);

  it('should copy from the folder what is there and sent to the engine', () => {
    const isSent = contextFilter(read('.dockerignore'));
    const sources = stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => instruction.name === 'COPY' && instruction.flags.from === undefined)
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));

    expect(sources).not.toEqual([]);
    expect(sources.filter((source) => !existsSync(path.join(root, source)))).toEqual([]);
    expect(sources.filter((source) => !isSent(source))).toEqual([]);
  });

  it('should copy from stages that come before', () => {
    const names = stages.map((stage) => stage.name);
    const from = stages.flatMap(({ instructions }, index) =>
      instructions
        .filter(({ flags }) => flags.from !== undefined)
        .map(({ flags }) => names.slice(0, index).includes(flags.from)),
    );

    expect(from).not.toContain(false);
  });

  it('should run as an ordinary user, with a health check', () => {
    expect(instructionsOf('USER').map(({ text }) => text)).toHaveLength(1);
    expect(instructionsOf('USER')[0].text).not.toMatch(/^(root|0)/);
    expect(instructionsOf('HEALTHCHECK')).toHaveLength(1);
    expect(JSON.parse(instructionsOf('CMD')[0].text)).toBeInstanceOf(Array);
  });
});

describe('.dockerignore', () => {
  it.each([
    '.env',
    'deploy/secrets/database-url',
    'data/files/a.txt',
    '.git/config',
    'node_modules/x/y',
    'libs/dto/node_modules/x',
  ])('should keep %s from the engine', (file) => {
    expect(contextFilter(read('.dockerignore'))(file)).toBe(false);
  });
});

describe('the API in its image', () => {
  it('should be started as npm start does it, and leave the web app to the web server', () => {
    const variables = parseDockerfile(read('Dockerfile.api'))
      .at(-1)
      .instructions.filter(({ name }) => name === 'ENV')
      .map(({ text }) => parseVariables(text));

    expect(variables).toEqual([
      {
        ...SERVER_ENVIRONMENT,
        NODE_ENV: 'production',
        DATA_DIR: '/data',
        SERVE_WEB_APP: 'false',
      },
    ]);
  });
});

describe('the Caddyfile', () => {
  it('should divide the paths as the server does', () => {
    const [, paths] = /SERVER_PATHS = \/(.+)\/i;/.exec(
      read('apps/api/src/platform/http/web-app.ts'),
    );
    const expression = paths.replaceAll(String.raw`\/`, '/');

    expect(caddyfile.split(`not path_regexp (?i)${expression}\n`)).toHaveLength(3);
  });

  it('should send the headers that the server sends with its pages', () => {
    const source = read('apps/api/src/platform/http/safety-headers.ts');
    const ofEveryAnswer = [...source.matchAll(/setHeader\('(.+?)', '(.+?)'\)/g)];
    const headers = ofEveryAnswer.filter(([, name]) => name !== 'Cache-Control');

    expect(headers.map(([, name]) => name)).toContain('Cross-Origin-Opener-Policy');
    for (const [, name, value] of headers) expect(caddyfile).toContain(`${name} ${value}\n`);
  });

  it.each([
    ['Content-Security-Policy', 'PAGE_POLICY', '; '],
    ['Permissions-Policy', 'PERMISSIONS_POLICY', ', '],
  ])('should send the %s that the server sends with its pages', (header, constant, separator) => {
    const source = read('apps/api/src/platform/http/safety-headers.ts');
    const [, list = ''] = new RegExp(`${constant} = \\[\n([^]*?)\n\\]`).exec(source) ?? [];
    const parts = list.split('\n').map((line) => line.trim().slice(1, -2));

    expect(parts.length).toBeGreaterThan(1);
    expect(caddyfile).toContain(`\t${header} "${parts.join(separator)}"\n`);
  });

  it('should send an address to HTTPS for as long as the server does', () => {
    const source = read('apps/api/src/platform/http/safety-headers.ts');
    const [, days] = /HSTS_SECONDS = (\d+) \* 24 \* 3600/.exec(source);

    expect(caddyfile).toContain(
      `header @https Strict-Transport-Security max-age=${Number(days) * 24 * 3600}\n`,
    );
  });

  it('should let go of idle connections before the API does', () => {
    const [, seconds] = /keepalive (\d+)s/.exec(caddyfile);
    const keepAliveMs = constantOf(
      'apps/api/src/platform/http/connection-limits.ts',
      'KEEP_ALIVE_MS',
    );

    expect(Number(seconds) * 1000).toBeLessThan(keepAliveMs);
  });
});

describe('the services without containers', () => {
  const unit = read('deploy/homeserver.service');
  const plist = read('deploy/homeserver.plist');

  it('should start what the API’s image starts', () => {
    const program = 'dist/apps/api/main.mjs';

    expect(read('Dockerfile.api')).toContain(`CMD ["node", "${program}"]`);
    expect(unit).toContain(`ExecStart=/usr/bin/node ${program}\n`);
    expect(plist).toContain(`<string>${program}</string>`);
  });

  it('should give it longer to stop than it takes', () => {
    const [, unitSeconds] = /TimeoutStopSec=(\d+)/.exec(unit);
    const [, plistSeconds] = /ExitTimeOut<\/key>\s*<integer>(\d+)/.exec(plist);

    expect(Number(unitSeconds)).toBeGreaterThan(stopWithinSeconds);
    expect(Number(plistSeconds)).toBeGreaterThan(stopWithinSeconds);
  });

  it('should have systemd start the server as npm start does it', () => {
    const settings = Object.entries(SERVER_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);

    expect(unit).toContain(`Environment=${settings.join(' ')}\n`);
  });

  it('should let systemd’s service write its DATA_DIR', () => {
    const [, state] = /^StateDirectory=(.+)$/m.exec(unit);

    expect(unit).toContain(`Environment=DATA_DIR=/var/lib/${state}\n`);
  });
});

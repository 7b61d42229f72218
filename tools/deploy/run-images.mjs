/**
 * Runs what build-images.mjs has built, with the ports, names, secrets and variables of
 * docker-compose.yml, in a network of its own, and tries it: `node tools/deploy/run-images.mjs <folder>`,
 * as root. The database is Debian's PostgreSQL 15, certificates are Caddy's own.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { start } from './image-tree.mjs';

const USER = 1000;
const POSTGRES = '/usr/lib/postgresql/15/bin';
const LOOK_EVERY_MS = 200;
const ATTEMPTS = 300;

const PUBLIC_URL = 'https://home.example.org';
const SITES = ['http://homeserver.lan', 'http://192.168.1.5', PUBLIC_URL];

/** Nothing but a loopback, on which everybody may listen everywhere, as `sysctls` of the web server has it. */
const OWN_NETWORK =
  'ip link set lo up && echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start && exec "$@"';

const say = (text) => process.stdout.write(`${text}\n`);

class Run {
  #running = [];

  constructor(work) {
    this.folder = path.join(work, 'run');
    this.images = JSON.parse(readFileSync(path.join(work, 'images.json'), 'utf8'));
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder);
    this.hosts = path.join(this.folder, 'hosts');
    writeFileSync(this.hosts, '127.0.0.1 localhost database api web\n');
    this.secrets = this.#makeSecrets(path.join(work, 'clone', 'deploy', 'make-secrets.sh'));
  }

  #makeSecrets(script) {
    const folder = path.join(this.folder, 'deploy');
    mkdirSync(folder);
    cpSync(script, path.join(folder, 'make-secrets.sh'));
    execFileSync(path.join(folder, 'make-secrets.sh'), { stdio: 'ignore' });
    return path.join(folder, 'secrets');
  }

  /** A folder of the user that programs run as, as a volume or a bind mount is. */
  volume(name) {
    const folder = path.join(this.folder, name);
    mkdirSync(folder);
    chownSync(folder, USER, USER);
    return folder;
  }

  async startDatabase() {
    const folder = this.volume('database');
    const asUser = ['--reuid', USER, '--regid', USER, '--clear-groups'].map(String);
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
    const password = path.join(this.folder, 'password');
    cpSync(path.join(this.secrets, 'database-password'), password);
    execFileSync(
      'setpriv',
      [
        ...asUser,
        `${POSTGRES}/initdb`,
        '-D',
        folder,
        '-U',
        'homeserver',
        '-A',
        'scram-sha-256',
      ].concat(['-E', 'UTF8', '--locale=C.UTF-8', `--pwfile=${password}`]),
      quiet,
    );
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
    this.#running.push(
      spawn('setpriv', [...asUser, `${POSTGRES}/postgres`, '-D', folder, ...settings], {
        stdio: 'ignore',
      }),
    );
    await until(
      'PostgreSQL',
      () => spawnSync(`${POSTGRES}/pg_isready`, ['-q', '-h', '127.0.0.1']).status,
    );
    const PGPASSWORD = readFileSync(password, 'utf8').trim();
    const statement = [
      '-q',
      '-h',
      '127.0.0.1',
      '-U',
      'homeserver',
      '-d',
      'postgres',
      '-c',
      'CREATE DATABASE homeserver',
    ];
    execFileSync('psql', statement, { ...quiet, env: { ...process.env, PGPASSWORD } });
  }

  /** Starts an image and waits for its own health check. */
  async startImage(name, binds, environment) {
    const image = this.images[name];
    const allBinds = [[this.hosts, '/etc/hosts'], ...binds];
    const mount = path.join(this.folder, `${name}-root`);
    const stdio = ['ignore', 'inherit', 'inherit'];
    this.#running.push(start(image, { mount, binds: allBinds, environment, stdio }));
    await until(name, async () => {
      const command = image.check;
      const options = { mount: `${mount}-check`, binds: allBinds, environment, command };
      const [code] = await once(start(image, { ...options, stdio: 'ignore' }), 'exit');
      return code;
    });
    say(`ok      ${name} is ready by the health check of its image`);
  }

  /** Stops the last one that was started as an engine does: by SIGTERM to its first process. */
  async stopLast() {
    const child = this.#running.pop();
    const startedAt = performance.now();
    const inside = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
    process.kill(child.spawnfile === 'unshare' ? Number(inside[0]) : child.pid, 'SIGTERM');
    const [code] = await once(child, 'exit');
    return `by exit code ${code} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  }

  async stopAll() {
    while (this.#running.length > 0) await this.stopLast();
  }
}

/** Waits until an attempt answers 0, as programs do. */
async function until(name, attempt) {
  for (let left = ATTEMPTS; (await attempt()) !== 0; left -= 1) {
    if (left === 0) throw new Error(`${name} did not come up.`);
    await delay(LOOK_EVERY_MS);
  }
}

async function tryIt(run) {
  const data = run.volume('data');
  await run.startDatabase();
  await run.startImage(
    'api',
    [
      [path.join(run.secrets, 'database-url'), '/run/secrets/database-url'],
      [data, '/data'],
    ],
    { DATABASE_URL_FILE: '/run/secrets/database-url', TRUST_PROXY: '1', PUBLIC_URL },
  );
  await run.startImage('web', [[run.volume('state'), '/state']], {
    PUBLIC_URL,
    CADDY_OPTIONS: 'local_certs\nskip_install_trust',
  });
  const checks = path.join(import.meta.dirname, 'check-proxy.mjs');
  const { status } = spawnSync(process.execPath, [checks, ...SITES], { stdio: 'inherit' });
  const mode = execFileSync('stat', ['-c', '%u:%g %a', data, path.join(data, 'files')]);
  say(`DATA_DIR and its files: ${String(mode).trim().replace('\n', ', ')}`);
  say(`the web server stopped ${await run.stopLast()}`);
  say(`the API stopped ${await run.stopLast()}`);
  return status;
}

async function main(work) {
  const run = new Run(work);
  try {
    return await tryIt(run);
  } finally {
    await run.stopAll();
  }
}

const [folder, isInside] = process.argv.slice(2);
if (isInside === undefined) {
  const again = [process.execPath, import.meta.filename, path.resolve(folder), 'inside'];
  process.exitCode = spawnSync('unshare', ['--net', 'sh', '-c', OWN_NETWORK, 'sh', ...again], {
    stdio: 'inherit',
  }).status;
} else {
  process.exitCode = await main(folder);
}

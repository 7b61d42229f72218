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
const ADMINISTRATOR = 'keeper';
const SITES = ['http://homeserver.lan', 'http://192.168.1.5', PUBLIC_URL];

/** Nothing but a loopback, on which everybody may listen everywhere, as `sysctls` of the web server has it. */
const OWN_NETWORK =
  'ip link set lo up && echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start && exec "$@"';

const say = (text) => process.stdout.write(`${text}\n`);

class Run {
  #running = [];
  /** With what each image was started, by its name. */
  #options = {};

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

  /** Starts an image and waits for its own health check. @returns {Promise<string>} what it has printed */
  async startImage(name, binds, environment) {
    const image = this.images[name];
    const allBinds = [[this.hosts, '/etc/hosts'], ...binds];
    const mount = path.join(this.folder, `${name}-root`);
    this.#options[name] = { binds: allBinds, environment };
    const stdio = ['ignore', 'pipe', 'inherit'];
    const child = start(image, { ...this.#options[name], mount, stdio });
    this.#running.push(child);
    let printed = '';
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.stdout.pipe(process.stdout, { end: false });
    await until(name, () => this.exec(name, image.check, 'ignore'));
    say(`ok      ${name} is ready by the health check of its image`);
    return printed;
  }

  /** Runs another command in an image, as `docker compose exec` does. @returns its exit code */
  async exec(name, command, stdio) {
    const mount = path.join(this.folder, `${name}-exec`);
    const child = start(this.images[name], { ...this.#options[name], mount, command, stdio });
    const [code] = await once(child, 'exit');
    return code;
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

/** As docker-compose.yml has it. @param administrator the user name, where .env says one */
function startApi(run, data, administrator = '') {
  const secret = (name) => [path.join(run.secrets, name), `/run/secrets/${name}`];
  return run.startImage(
    'api',
    [secret('database-url'), secret('admin-password'), [data, '/data']],
    {
      DATABASE_URL_FILE: '/run/secrets/database-url',
      ADMIN_USERNAME: administrator,
      ADMIN_PASSWORD_FILE: administrator && '/run/secrets/admin-password',
      TRUST_PROXY: '1',
      PUBLIC_URL,
    },
  );
}

/** The first start is that of somebody who has set nothing. */
async function seeSetupToken(run, data) {
  const printed = await startApi(run, data);
  const token = readFileSync(path.join(data, 'setup-token'), 'utf8').trim();
  if (!printed.includes(`The set-up token is ${token}\n`))
    throw new Error('The log does not show the set-up token.');
  say('ok      the log shows the set-up token');
  say(`the API stopped ${await run.stopLast()}`);
}

async function tryIt(run) {
  const data = run.volume('data');
  await run.startDatabase();
  await seeSetupToken(run, data);
  await startApi(run, data, ADMINISTRATOR);
  await run.startImage('web', [[run.volume('state'), '/state']], {
    PUBLIC_URL,
    CADDY_OPTIONS: 'local_certs\nskip_install_trust',
  });
  const checks = path.join(import.meta.dirname, 'check-proxy.mjs');
  const { status } = spawnSync(process.execPath, [checks, ...SITES], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ADMIN_USERNAME: ADMINISTRATOR,
      ADMIN_PASSWORD_FILE: path.join(run.secrets, 'admin-password'),
    },
  });
  const reset = ['node', 'dist/apps/api/operate.mjs', 'user', 'reset-password', ADMINISTRATOR];
  const code = await run.exec('api', reset, ['ignore', 'inherit', 'inherit']);
  say(`${code === 0 ? 'ok     ' : 'FAILED '} an operator gives the administrator another password`);
  const folders = ['', 'files', 'homes', `homes/${ADMINISTRATOR}`];
  const modes = folders.map((name) =>
    String(execFileSync('stat', ['-c', `%u:%g %a /${name}`, path.join(data, name)])).trim(),
  );
  say(`DATA_DIR: ${modes.join(', ')}`);
  say(`the web server stopped ${await run.stopLast()}`);
  say(`the API stopped ${await run.stopLast()}`);
  return status === 0 ? code : status;
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

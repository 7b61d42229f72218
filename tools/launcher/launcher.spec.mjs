import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { runQuietly } from './processes.mjs';
import { LaunchError } from './progress.mjs';
import { isSupported, prepareRuntime } from './runtime.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const processes = path.join(import.meta.dirname, 'processes.mjs');

describe('isSupported', () => {
  it.each(['24.15.0', '24.21.0', '24.99.1', '26.0.0', '26.10.0', '31.2.3'])(
    'should take Node.js %s',
    (version) => {
      expect(isSupported(version)).toBe(true);
    },
  );

  it.each(['20.19.0', '22.21.1', '23.11.0', '24.0.0', '24.14.9', '25.9.0'])(
    'should not take Node.js %s',
    (version) => {
      expect(isSupported(version)).toBe(false);
    },
  );

  it('should take every Node.js that the workspace pins for a platform', () => {
    for (const platform of ['linux-x64', 'linux-arm64', 'darwin-arm64']) {
      const folder = path.join(root, 'tools', 'runtime', platform);
      const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const { packages } = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8'));
      for (const [name, version] of Object.entries(dependencies)) {
        expect(isSupported(version)).toBe(true);
        expect(packages[`node_modules/${name}`].version).toBe(version);
      }
    }
  });
});

describe('prepareRuntime', () => {
  it('should use the Node.js of the machine, and hide from npm where it was called, when it is new enough', async () => {
    process.env.npm_config_local_prefix = '/elsewhere';
    process.env.npm_lifecycle_event = 'test';
    try {
      const { version, environment } = await prepareRuntime(root);

      expect(version).toBe(process.versions.node);
      expect(environment.PATH).toBe(process.env.PATH);
      expect(
        Object.keys(environment).filter((name) => /^npm_(lifecycle|config_local)/.test(name)),
      ).toEqual([]);
    } finally {
      delete process.env.npm_config_local_prefix;
      delete process.env.npm_lifecycle_event;
    }
  });
});

describe('runQuietly', () => {
  it('should say nothing when the tool succeeds', async () => {
    await expect(
      runQuietly('node', ['--eval', 'console.log("noise")'], {}, 'It failed'),
    ).resolves.toBeUndefined();
  });

  it('should show the last lines of the tool when it fails', async () => {
    const program =
      'for (let line = 1; line <= 100; line++) console.log(`line ${line}`); process.exit(3)';
    const failure = await runQuietly('node', ['--eval', program], {}, 'It failed').catch(
      (error) => error,
    );

    expect(failure).toBeInstanceOf(LaunchError);
    expect(failure.message).toMatch(/^It failed:\n/);
    expect(failure.message).toContain('line 100');
    expect(failure.message).not.toContain('line 10\n');
  });

  it('should say so when there is no such tool', async () => {
    await expect(runQuietly('no-such-tool', [], {}, 'It failed')).rejects.toThrow(
      /^It failed: .*ENOENT/,
    );
  });
});

describe('runInForeground', () => {
  let folder;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'homeserver-launcher-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A launcher of its own that runs `program`, which says on its first line that it runs. */
  function launch(program, options = '') {
    const launcher = `
      const { runInForeground } = await import(${JSON.stringify(processes)});
      process.exitCode = await runInForeground('node', ['--eval', ${JSON.stringify(program)}], { env: process.env, ${options} });`;
    return spawn('node', ['--input-type=module', '--eval', launcher], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  }

  it.each([0, 1, 7])('should pass on the exit code %d', async (code) => {
    const child = launch(`process.exit(${code})`);
    await once(child, 'exit');

    expect(child.exitCode).toBe(code);
  });

  it.each([
    ['what it is given', 'inherits the input', `stdin: 'inherit'`, 'a secret'],
    ['nothing', 'does not ask for it', '', ''],
  ])('should let the program read %s when it %s', async (_what, _how, options, read) => {
    const child = launch('process.stdin.pipe(process.stdout)', options);
    child.stdin.end('a secret');

    expect(await text(child.stdout)).toBe(read);
  });

  it('should fail when the program was ended by a signal', async () => {
    const child = launch('process.kill(process.pid, "SIGKILL")');
    await once(child, 'exit');

    expect(child.exitCode).toBe(1);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])(
    'should pass on %s, and wait until the program has ended',
    async (signal) => {
      const child = launch(`
      process.on('${signal}', () => setTimeout(() => { console.log('tidied up'); process.exit(0); }, 50));
      setInterval(() => undefined, 1000);
      console.log('running');`);
      let output = '';
      child.stdout.on('data', (chunk) => (output += chunk));
      await once(child.stdout, 'data');
      child.kill(signal);
      await once(child, 'close');

      expect(output).toBe('running\ntidied up\n');
      expect(child.exitCode).toBe(0);
    },
  );
});

describe('the scripts of npm', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

  // npm signals the shell that it runs a script by; that one would die of it and leave the rest running.
  it.each(Object.entries(scripts))(
    'should give the launcher the place of the shell when it is npm run %s',
    (_, script) => {
      expect(script).toMatch(/^exec node tools\/launcher\/launch\.mjs /);
    },
  );
});

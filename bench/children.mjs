/** Starts programs, waits for them, and ends what is left of them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const STOP_WITHIN_MS = 20_000;
const execute = promisify(execFile);
const running = new Set();

/** @returns its standard output. @throws Error with its standard error */
export async function run(program, args, options = {}) {
  const { stdout } = await execute(program, args, { maxBuffer: 64 * 1024 * 1024, ...options });
  return stdout;
}

/** Whether a program is there; `args` make it say its version. @returns its first line, else null */
export async function versionOf(program, args = ['--version']) {
  try {
    const { stdout, stderr } = await execute(program, args);
    return (stdout || stderr).split('\n')[0].trim();
  } catch {
    return null; // not installed
  }
}

/**
 * Starts a server, and waits until it listens.
 * @param isReady gets each line that it prints; for a silent one give the `port` instead
 * @throws Error with what it printed when it ends before
 */
export async function startServer(program, args, { isReady = () => false, port, ...options }) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  running.add(child);
  let printed = '';
  let hasEnded = false;
  await new Promise((resolve, reject) => {
    const onOutput = (chunk) => {
      printed = (printed + chunk.toString('utf8')).slice(-8000);
      if (printed.split('\n').some((line) => isReady(line))) resolve();
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.once('error', reject);
    child.once('exit', () => {
      hasEnded = true;
      running.delete(child);
      reject(new Error(`${program} ended:\n${printed}`));
    });
    if (port !== undefined) void waitForPort(port, () => hasEnded).then(resolve);
  });
  return { child, stop: () => stop(child) };
}

async function waitForPort(port, hasEnded) {
  while (!hasEnded()) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await delay(20);
  }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await once(child, 'exit');
  clearTimeout(hard);
}

/**
 * Starts one of `clients`, whose work is then not counted as that of the benchmark.
 * @param name of its file
 * @returns `finished`, what it printed at its end, and `end`, which closes its input: those that go on until
 *   they are told to stop take that as the word
 */
export function startClient(name, settings) {
  const file = path.join(import.meta.dirname, 'clients', name);
  const child = spawn(process.execPath, [file, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.add(child);
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk.toString('utf8')));
  const finished = once(child, 'close').then(([code]) => {
    running.delete(child);
    if (code !== 0) throw new Error(`${name} failed.`);
    return JSON.parse(printed);
  });
  finished.catch(() => undefined); // told to whoever waits for it
  return { finished, end: () => child.stdin.end() };
}

/** For a benchmark that is broken off. */
export async function stopAll() {
  await Promise.all([...running].map((child) => stop(child)));
}

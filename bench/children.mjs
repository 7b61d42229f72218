/** Starts programs, waits for them, and ends what is left of them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
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

/** For a benchmark that is broken off. */
export async function stopAll() {
  await Promise.all([...running].map((child) => stop(child)));
}

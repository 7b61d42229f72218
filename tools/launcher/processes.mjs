import { spawn } from 'node:child_process';

import { LaunchError } from './progress.mjs';

const FORWARDED_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const TAIL_LINES = 25;

/** Runs a tool quietly. On failure its last lines are part of the error. */
export function runQuietly(command, args, options, failure) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let tail = [];
    const keep = (chunk) => {
      tail = [...tail, ...String(chunk).split('\n')].slice(-TAIL_LINES * 2);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new LaunchError(`${failure}: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const lines = tail.filter((line) => line.trim() !== '').slice(-TAIL_LINES);
      reject(new LaunchError([`${failure}:`, ...lines].join('\n')));
    });
  });
}

/**
 * Runs a program in the foreground until it ends, and gives its exit code. Signals go on to it, and
 * it is in a session of its own, so that Ctrl-C at a terminal reaches it once and not twice. The
 * channel between the two closes when this process dies in whatever way: the program stops then.
 * @param options as `spawn` takes them, and `stdin`: 'inherit' for a program that reads what is typed or piped
 */
export function runInForeground(command, args, { stdin = 'ignore', ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: [stdin, 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    for (const signal of FORWARDED_SIGNALS) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal === null ? code : 1));
  });
}

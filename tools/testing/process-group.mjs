import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long what was told to stop has for it. */
const STOP_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** Runs one command line after the other, each as a group of processes that is stopped as a whole. */
export class ProcessGroup {
  #root;
  #group = null;
  isStopping = false;

  /** @param {string} root the folder of the workspace, whose programs are on the PATH */
  constructor(root) {
    this.#root = root;
  }

  /** @returns {Promise<number>} the exit code; 1 when it was ended by a signal */
  async run(command, environment) {
    const child = spawn(command, {
      shell: true,
      cwd: this.#root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
      env: {
        ...process.env,
        PATH: `${path.join(this.#root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
        ...environment,
      },
    });
    const code = await new Promise((resolve, reject) => {
      child.on('spawn', () => (this.#group = child.pid));
      child.on('error', reject);
      child.on('exit', resolve);
    });
    // The shell is gone at once, what it ran may have something to tidy up.
    while (this.isStopping && this.#signal(0)) await delay(LOOK_EVERY_MS);
    this.#group = null;
    return code ?? 1;
  }

  /** Stops what runs. It may tidy up; after a while it is killed. */
  stop() {
    if (this.isStopping) return;
    this.isStopping = true;
    this.#signal('SIGTERM');
    setTimeout(() => this.#signal('SIGKILL'), STOP_WITHIN_MS).unref();
  }

  /** @returns {boolean} whether anybody is there to get it */
  #signal(signal) {
    if (this.#group === null) return false;
    try {
      process.kill(-this.#group, signal);
      return true;
    } catch (error) {
      if (error.code === 'ESRCH') return false;
      throw error;
    }
  }
}

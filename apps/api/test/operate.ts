import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = path.resolve(import.meta.dirname, '../../../dist/apps/api/operate.mjs');

/** What came of a command. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command as an operator does. */
export async function operate(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  input = '',
): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await ended, output, errors };
}

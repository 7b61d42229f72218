import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NUMBER = /^\d{1,10}$/;
/** The last one means "leave it" to the system. */
const HIGHEST_ID = 4_294_967_294;
const GETENT_WITHIN_MS = 5000;

/** The number of a user of this machine. @param name or its number; null when there is no such user */
export async function findUserId(name: string): Promise<number | null> {
  return findId(name, 'passwd');
}

/** The same for a group. */
export async function findGroupId(name: string): Promise<number | null> {
  return findId(name, 'group');
}

/** Whether what we make may be given to a user and a group: root may give to all, others only to themselves. */
export function mayGiveTo(
  uid: number | null,
  gid: number | null,
): { user: boolean; group: boolean } {
  if (process.getuid?.() === 0) return { user: true, group: true };
  const groups = [process.getgid?.(), ...(process.getgroups?.() ?? [])];
  return {
    user: uid === null || uid === process.getuid?.(),
    group: gid === null || groups.includes(gid),
  };
}

async function findId(name: string, database: 'passwd' | 'group'): Promise<number | null> {
  if (NUMBER.test(name)) return Number(name) <= HIGHEST_ID ? Number(name) : null;
  return idOf(name, await readLines(`/etc/${database}`)) ?? idOf(name, await ask(database, name));
}

/** In both files the name comes first and the number third. */
function idOf(name: string, lines: readonly string[]): number | null {
  for (const line of lines) {
    const [first, , id = ''] = line.split(':');
    if (first === name && NUMBER.test(id)) return Number(id);
  }
  return null;
}

async function readLines(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n');
  } catch {
    return []; // a system without this file has its users elsewhere
  }
}

/** Users of a directory service are known to getent, where there is one. */
async function ask(database: string, name: string): Promise<string[]> {
  try {
    const { stdout } = await run('getent', [database, name], { timeout: GETENT_WITHIN_MS });
    return stdout.split('\n');
  } catch {
    return []; // no such program, or no such name
  }
}

import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';

import { errorCode } from '../../filesystem/error-code';

/** Whether a process of this id is there, ours or not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // ESRCH: no such process. EPERM: there is one, of somebody else.
    return errorCode(error) === 'EPERM';
  }
}

/**
 * When a process was started, as a text that only serves comparison: a process id is given out
 * again, the pair of both is not. null when it is gone.
 */
export function startTimeOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // proc(5): the name, in parentheses, may contain anything; starttime is field 22.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${bootId}/${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null; // gone between two looks, or never there
  }
}

/** Whether a process is the PostgreSQL of a cluster: it works in the folder of its data. */
export function isPostgresOf(pid: number, clusterFolder: string): boolean {
  if (programOf(pid) !== 'postgres') return false;
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterFolder);
  } catch {
    return false; // gone between two looks, or of another user: not one that we started
  }
}

/** The name of the program that a process runs; null when it is gone. */
function programOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    const command = execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
    return path.basename(command.trim());
  } catch {
    return null; // gone between two looks, or never there
  }
}

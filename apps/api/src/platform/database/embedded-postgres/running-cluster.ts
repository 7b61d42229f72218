import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The process id and the port of the server that works, or has worked, on a cluster; null where none has. */
export function readPidFile(clusterFolder: string): { pid: number; port: number } | null {
  const file = path.join(clusterFolder, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return pid > 0 && port > 0 ? { pid, port } : null;
}

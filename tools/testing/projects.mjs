import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDERS = ['libs', 'apps', '.'];

/**
 * The projects of the workspace that have a target of this name, with the command that it runs: the
 * project.json files say it once, for Nx and for us.
 * @param {string} root the folder of the workspace
 * @param {string} target such as `test`
 * @returns {{ project: string, command: string }[]} libraries first
 */
export function projectsWith(root, target) {
  return FOLDERS.flatMap((folder) => projectFilesIn(path.join(root, folder)))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
    .filter(({ targets }) => targets?.[target]?.command !== undefined)
    .map(({ name, targets }) => ({ project: name, command: targets[target].command }));
}

function projectFilesIn(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name, 'project.json'))
    .filter((file) => existsSync(file));
}

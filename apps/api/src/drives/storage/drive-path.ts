import { nameFault } from '@homeserver/dto';

const BROKEN_BYTE = /[\uef80-\uefff]/g;

/** The folders and the name of a path. @throws Error when a part is no name: a fault of ours, input was checked before */
export function splitPath(target: string): { folders: string[]; name: string } {
  const names = namesOf(target);
  const name = names.pop() ?? '';
  return { folders: names, name };
}

/** The parts of a path. @throws Error as `splitPath` */
export function namesOf(target: string): string[] {
  return target.split('/').map(checkedName);
}

/** @throws Error when it is no name */
export function checkedName(name: string): string {
  // A byte that is no UTF-8 is one of ours, however long its character: see name-bytes.
  const fault = nameFault(name.replace(BROKEN_BYTE, 'x'));
  if (fault !== null) throw new Error(`Not a name on a drive: ${JSON.stringify(name)}`);
  return name;
}

import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * How PostgreSQL is started so that it does not run as root, which it refuses.
 * `prefix` goes before the command; `uid` and `gid` are those to spawn with.
 */
export interface PostgresIdentity {
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const SELF: PostgresIdentity = { prefix: [] };

/** Inside a user namespace the program is user 1000; outside its files and process stay ours. */
const USER_NAMESPACE: PostgresIdentity = {
  prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000'],
};

const SYSTEM_USER = 'homeserver-postgres';

/**
 * Decides who PostgreSQL runs as: we ourselves; as root in a user namespace; where those are
 * forbidden the owner of its data, else the user `postgres`, else a system user that we make.
 * @throws Error naming the folder that such a user cannot pass
 */
export function postgresIdentity(dataFolder: string, binariesFolder: string): PostgresIdentity {
  if (process.getuid?.() !== 0) return SELF;
  if (canUseUserNamespace()) return USER_NAMESPACE;
  const user = otherUser(dataFolder);
  for (const folder of [...parentsOf(dataFolder), ...parentsOf(binariesFolder)]) {
    if (spawnSync('test', ['-x', folder], user).status !== 0) {
      throw new Error(
        `PostgreSQL must not run as root, and its user cannot pass the folder ${folder}. Make it passable (chmod o+x) or start HomeServer as another user.`,
      );
    }
  }
  chownSync(dataFolder, user.uid, user.gid);
  return { prefix: [], ...user };
}

function canUseUserNamespace(): boolean {
  const [command, ...args] = USER_NAMESPACE.prefix;
  return (
    command !== undefined &&
    spawnSync(command, [...args, 'true'], { env: process.env }).status === 0
  );
}

function otherUser(dataFolder: string): { uid: number; gid: number } {
  const owner = statSync(dataFolder);
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return userNamed('postgres') ?? userNamed(SYSTEM_USER) ?? makeSystemUser();
}

function userNamed(name: string): { uid: number; gid: number } | null {
  const id = (flag: string) => spawnSync('id', [flag, name], { encoding: 'utf8' });
  const uid = id('-u');
  return uid.status === 0 ? { uid: Number(uid.stdout), gid: Number(id('-g').stdout) } : null;
}

function makeSystemUser(): { uid: number; gid: number } {
  execFileSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    SYSTEM_USER,
  ]);
  const user = userNamed(SYSTEM_USER);
  if (user === null) throw new Error(`The system user ${SYSTEM_USER} could not be made.`);
  return user;
}

function parentsOf(folder: string): string[] {
  const parents: string[] = [];
  for (let parent = path.dirname(folder); ; parent = path.dirname(parent)) {
    parents.unshift(parent);
    if (parent === path.dirname(parent)) return parents;
  }
}

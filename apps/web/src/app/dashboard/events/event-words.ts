import type { HomeServerEvent } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';

/** What events of the log say in a line: the subject is set off, so is the outcome where there is one. */
export interface Words {
  readonly subject: string;
  readonly rest: string;
  readonly outcome: string | null;
}

type EventType = HomeServerEvent['type'];
type FileEvent = Extract<HomeServerEvent, { type: `homeserver.file.${string}` }>;
type UserEvent = Extract<HomeServerEvent, { type: `homeserver.user.${string}` }>;
type DriveEvent = Exclude<
  Extract<HomeServerEvent, { type: `homeserver.drive.${string}` }>,
  GrantEvent
>;
type JobEvent = Extract<HomeServerEvent, { type: 'homeserver.job.failed' }>;
type GrantEvent = Extract<HomeServerEvent, { type: 'homeserver.drive.granted' }>;
type MoveEvent = Extract<HomeServerEvent, { type: 'homeserver.file.moved' }>;

const ICONS: Readonly<Record<EventType, IconName>> = {
  'homeserver.file.created': 'upload',
  'homeserver.file.changed': 'edit',
  'homeserver.file.moved': 'edit',
  'homeserver.file.trashed': 'delete',
  'homeserver.file.deleted': 'delete',
  'homeserver.file.restored': 'history',
  'homeserver.file.corrupted': 'warning',
  'homeserver.user.signed_in': 'signIn',
  'homeserver.user.sign_in_failed': 'block',
  'homeserver.user.signed_out': 'signOut',
  'homeserver.user.created': 'person',
  'homeserver.user.changed': 'edit',
  'homeserver.user.deleted': 'delete',
  'homeserver.user.password_changed': 'password',
  'homeserver.user.session_ended': 'signOut',
  'homeserver.user.token_created': 'key',
  'homeserver.user.token_deleted': 'key',
  'homeserver.user.factor_added': 'shield',
  'homeserver.user.factor_removed': 'shield',
  'homeserver.user.recovery_codes_made': 'lock',
  'homeserver.user.identity_linked': 'link',
  'homeserver.user.upload_infected': 'warning',
  'homeserver.drive.granted': 'drive',
  'homeserver.drive.online': 'drive',
  'homeserver.drive.offline': 'driveOff',
  'homeserver.drive.replaced': 'driveOff',
  'homeserver.drive.attention': 'warning',
  'homeserver.drive.indexed': 'check',
  'homeserver.drive.added': 'drive',
  'homeserver.drive.changed': 'edit',
  'homeserver.drive.forgotten': 'driveOff',
  'homeserver.job.failed': 'alarm',
};

const FILE_VERBS: Readonly<Record<FileEvent['type'], string>> = {
  'homeserver.file.created': 'added',
  'homeserver.file.changed': 'changed',
  'homeserver.file.moved': 'moved',
  'homeserver.file.trashed': 'moved to the trash',
  'homeserver.file.deleted': 'deleted',
  'homeserver.file.restored': 'brought back',
  'homeserver.file.corrupted': 'found corrupted',
};

/** What goes around the user name. */
const USER_WORDS: Readonly<Record<UserEvent['type'], { before: string; after: string }>> = {
  'homeserver.user.signed_in': { before: '', after: 'signed in' },
  // Whoever tried: the name is only what was typed.
  'homeserver.user.sign_in_failed': { before: 'A sign-in as ', after: 'failed' },
  'homeserver.user.signed_out': { before: '', after: 'signed out' },
  'homeserver.user.created': { before: 'Account ', after: 'was added' },
  'homeserver.user.changed': { before: 'Account ', after: 'was changed' },
  'homeserver.user.deleted': { before: 'Account ', after: 'was deleted' },
  'homeserver.user.password_changed': { before: '', after: 'has a new password' },
  'homeserver.user.session_ended': { before: 'A session of ', after: 'was ended' },
  'homeserver.user.token_created': { before: '', after: 'made an API token' },
  'homeserver.user.token_deleted': { before: '', after: 'deleted an API token' },
  'homeserver.user.factor_added': { before: '', after: 'added a way to prove who they are' },
  'homeserver.user.factor_removed': { before: '', after: 'removed a way to prove who they are' },
  'homeserver.user.recovery_codes_made': { before: '', after: 'made recovery codes' },
  'homeserver.user.identity_linked': { before: '', after: 'linked another account of theirs' },
  'homeserver.user.upload_infected': {
    before: '',
    after: 'uploaded a file with a virus; it was not kept',
  },
};

/** What follows the name of the drive. */
const DRIVE_WORDS: Readonly<Record<DriveEvent['type'], string>> = {
  'homeserver.drive.online': 'is online',
  'homeserver.drive.offline': 'went offline',
  'homeserver.drive.replaced': 'is another disk now',
  'homeserver.drive.attention': 'needs a decision: much of it is gone',
  'homeserver.drive.indexed': 'is indexed',
  'homeserver.drive.added': 'was added',
  'homeserver.drive.changed': 'was changed',
  'homeserver.drive.forgotten': 'was forgotten',
};

const GRANT_WORDS: Readonly<Record<GrantEvent['data']['access'], string>> = {
  none: 'may no longer see',
  read: 'may now read',
  write: 'may now change',
};

/** Whether there are words for it: a newer server tells of more. */
export function canBeTold(event: { readonly type: string }): boolean {
  return Object.hasOwn(ICONS, event.type);
}

export function iconOf(event: HomeServerEvent): IconName {
  return ICONS[event.type];
}

/** Events that are told in one line, when they follow closely, have the same key. */
export function keyOf(event: HomeServerEvent): string {
  if (isOfUser(event)) return `${event.type} ${event.data.username}`;
  if (isGrant(event)) return `${event.type} ${event.data.access} ${event.data.driveName}`;
  if (isOfDrive(event)) return `${event.type} ${event.data.driveName}`;
  if (isOfJob(event)) return `${event.type} ${event.id}`;
  // A new name is told with both names, so it stands alone.
  return isRename(event) ? `${event.type} ${event.id}` : event.type;
}

/**
 * @param event the newest of those that are told together
 * @param all of them, that one among them
 */
export function wordsOf(event: HomeServerEvent, all: readonly HomeServerEvent[]): Words {
  if (isOfUser(event)) return wordsOfUser(event, all.length);
  if (isGrant(event)) {
    const { username, access, driveName } = event.data;
    const names = all.filter(isGrant).map((grant) => grant.data.username);
    const more = othersIn(names);
    const rest = `${more === 0 ? '' : `and ${more} more `}${GRANT_WORDS[access]}`;
    return { subject: username, rest, outcome: driveName };
  }
  if (isOfDrive(event)) {
    const subject = `Drive ${event.data.driveName}`;
    return { subject, rest: DRIVE_WORDS[event.type], outcome: null };
  }
  if (isOfJob(event)) return { subject: event.data.title, rest: 'failed', outcome: null };
  const { filename, kind } = event.data.file;
  if (isRename(event)) {
    return { subject: event.data.previous.filename, rest: 'is now called', outcome: filename };
  }
  const verb = FILE_VERBS[event.type];
  const others = othersIn(
    all.filter(isOfFile).map((other) => versionIdOf(other) ?? other.data.file.id),
  );
  const noun = kind === 'folder' ? `Folder ${filename}` : filename;
  return {
    subject: versionIdOf(event) === null ? noun : `An earlier version of ${filename}`,
    rest: others === 0 ? `was ${verb}` : `and ${others} more were ${verb}`,
    outcome: null,
  };
}

function wordsOfUser(event: UserEvent, count: number): Words {
  const { before, after } = USER_WORDS[event.type];
  const isCounted = count > 1 && event.type === 'homeserver.user.sign_in_failed';
  return {
    subject: `${before}${event.data.username}`,
    rest: isCounted ? `${after} ${count} times` : after,
    outcome: null,
  };
}

function othersIn(names: readonly string[]): number {
  return new Set(names).size - 1;
}

/** null where it is about the file itself. */
function versionIdOf(event: FileEvent): string | null {
  return event.type === 'homeserver.file.corrupted' ? (event.data.versionId ?? null) : null;
}

function isOfFile(event: HomeServerEvent): event is FileEvent {
  return 'file' in event.data;
}

function isGrant(event: HomeServerEvent): event is GrantEvent {
  return event.type === 'homeserver.drive.granted';
}

function isOfDrive(event: HomeServerEvent): event is DriveEvent {
  return event.type.startsWith('homeserver.drive.') && !isGrant(event);
}

function isOfJob(event: HomeServerEvent): event is JobEvent {
  return event.type === 'homeserver.job.failed';
}

function isOfUser(event: HomeServerEvent): event is UserEvent {
  return event.type.startsWith('homeserver.user.');
}

function isRename(event: HomeServerEvent): event is MoveEvent {
  return (
    event.type === 'homeserver.file.moved' &&
    event.data.previous.filename !== event.data.file.filename
  );
}

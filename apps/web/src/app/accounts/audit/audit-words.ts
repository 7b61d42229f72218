import type { AuditEntry } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';

/** An entry of the log as a sentence: `Anna` `deleted` `“Ferry tickets.pdf”`. What is empty is left out. */
export interface AuditSentence {
  readonly actor: string;
  readonly verb: string;
  readonly object: string;
  /** More about it, set off from the rest. */
  readonly detail: string;
  readonly icon: IconName;
  /** It may want somebody to look: it stands out, and its words say why. */
  readonly isWarning: boolean;
}

/** The name that people know somebody by, by their id; null for who is no longer there. */
export type NameOf = (id: string) => string | null;

interface Words {
  readonly icon: IconName;
  readonly verb: string;
  /** Where people did it to their own account, which then is not named. */
  readonly own?: string;
  /** What the log says beside the user name is the thing itself, such as the name of a token. */
  readonly isDetailObject?: boolean;
}

const WORDS: Readonly<Record<string, Words>> = {
  'file.created': { icon: 'upload', verb: 'added' },
  'file.changed': { icon: 'edit', verb: 'changed' },
  'file.moved': { icon: 'edit', verb: 'moved or renamed' },
  'file.trashed': { icon: 'delete', verb: 'moved to the trash:' },
  'file.restored': { icon: 'retry', verb: 'brought back' },
  'file.deleted': { icon: 'delete', verb: 'deleted' },
  'file.corrupted': { icon: 'warning', verb: 'found damaged:' },
  'user.signed_in': { icon: 'signIn', verb: 'signed in as', own: 'signed in' },
  'user.sign_in_failed': { icon: 'block', verb: 'failed to sign in as' },
  'user.signed_out': { icon: 'signOut', verb: 'signed out', own: 'signed out' },
  'user.created': { icon: 'person', verb: 'added the user' },
  'user.changed': { icon: 'person', verb: 'changed the user', own: 'changed their own account' },
  'user.deleted': { icon: 'person', verb: 'deleted the user', own: 'deleted their own account' },
  'user.password_changed': {
    icon: 'password',
    verb: 'changed the password of',
    own: 'changed their password',
  },
  'user.session_ended': { icon: 'signOut', verb: 'ended a session of', own: 'ended a session' },
  'user.token_created': {
    icon: 'terminal',
    verb: 'made an API token of',
    own: 'made the API token',
    isDetailObject: true,
  },
  'user.token_deleted': {
    icon: 'terminal',
    verb: 'deleted an API token of',
    own: 'deleted the API token',
    isDetailObject: true,
  },
  'user.factor_added': { icon: 'shield', verb: 'added a factor of', own: 'added to their sign-in' },
  'user.factor_removed': {
    icon: 'shield',
    verb: 'removed a factor of',
    own: 'removed from their sign-in',
  },
  'user.recovery_codes_made': {
    icon: 'key',
    verb: 'made recovery codes of',
    own: 'made new recovery codes',
  },
  'user.identity_linked': {
    icon: 'link',
    verb: 'linked the identity provider of',
    own: 'linked their identity provider',
  },
  'user.upload_infected': {
    icon: 'warning',
    verb: 'uploaded an infected file as',
    own: 'uploaded an infected file, which was not kept:',
    isDetailObject: true,
  },
};

const DRIVE_WORDS: Readonly<Record<string, Words>> = {
  'drive.added': { icon: 'drive', verb: 'added the drive' },
  'drive.changed': { icon: 'drive', verb: 'changed the drive' },
  'drive.forgotten': { icon: 'driveOff', verb: 'forgot the drive' },
  'drive.online': { icon: 'drive', verb: 'found the drive again:' },
  'drive.offline': { icon: 'driveOff', verb: 'lost the drive' },
  'drive.replaced': { icon: 'driveOff', verb: 'found another disk in the place of the drive' },
  'drive.attention': { icon: 'warning', verb: 'found much of a drive gone:' },
  'drive.indexed': { icon: 'scan', verb: 'indexed the drive' },
  'job.failed': { icon: 'alarm', verb: 'could not finish:' },
};

const WARNINGS: ReadonlySet<string> = new Set([
  'user.sign_in_failed',
  'user.upload_infected',
  'file.corrupted',
  'drive.replaced',
  'drive.attention',
  'job.failed',
]);

const PREFIX = 'homeserver.';
/** `Media: anna, write`, as the log says what somebody was granted. */
const GRANT = /^(.*): ([^:,]+), (none|read|write)$/;

export function sentenceOf(entry: AuditEntry, nameOf: NameOf): AuditSentence {
  const kind = entry.type.startsWith(PREFIX) ? entry.type.slice(PREFIX.length) : entry.type;
  const base = { actor: actorOf(entry, nameOf), isWarning: WARNINGS.has(kind) };
  if (kind === 'drive.granted') return { ...base, icon: 'drive', ...grantOf(entry.summary) };
  const words = WORDS[kind] ??
    DRIVE_WORDS[kind] ?? { icon: 'info', verb: `${kind.replace(/[._]+/g, ' ')}:` };
  const { icon } = words;
  if (kind.startsWith('user.')) return { ...base, icon, ...accountOf(entry, words, nameOf) };
  // Names of files are quoted: they may be any words.
  const object = kind.startsWith('file.') ? `“${entry.summary}”` : entry.summary;
  return { ...base, icon, verb: words.verb, object, detail: '' };
}

type Rest = Pick<AuditSentence, 'verb' | 'object' | 'detail'>;

function accountOf(entry: AuditEntry, words: Words, nameOf: NameOf): Rest {
  const [username, detail] = partsOf(entry.summary);
  const id = entry.subject.startsWith('users/') ? entry.subject.slice('users/'.length) : null;
  // The name that somebody tried and that nobody has is not kept: it may be a password.
  if (id === null) return { verb: words.verb, object: 'a user that does not exist', detail: '' };
  if (words.own === undefined || !isAboutActor(entry, id, username))
    return { verb: words.verb, object: nameOf(id) ?? username, detail };
  if (words.isDetailObject === true)
    return { verb: words.own, object: detail === '' ? '' : `“${detail}”`, detail: '' };
  return { verb: words.own, object: '', detail };
}

function isAboutActor({ actorId, actorName }: AuditEntry, id: string, username: string): boolean {
  return actorId === id || (actorId === null && actorName === username);
}

function grantOf(summary: string): Rest {
  const [, drive, username, access] = GRANT.exec(summary) ?? [];
  if (drive === undefined || username === undefined)
    return { verb: 'changed who may use', object: summary, detail: '' };
  if (access === 'none')
    return { verb: `no longer lets ${username} see`, object: drive, detail: '' };
  const may = access === 'read' ? 'read' : 'read and change';
  return { verb: `lets ${username} ${may}`, object: drive, detail: '' };
}

function actorOf(entry: AuditEntry, nameOf: NameOf): string {
  const known = entry.actorId === null ? null : nameOf(entry.actorId);
  if (known !== null) return known;
  if (entry.actorName !== null) return entry.actorName;
  return entry.clientAddress === null ? 'HomeServer' : 'Someone';
}

/** `anna: Backup script`: user names have no colon in them. */
function partsOf(summary: string): readonly [username: string, detail: string] {
  const end = summary.indexOf(': ');
  return end === -1 ? [summary, ''] : [summary.slice(0, end), summary.slice(end + 2)];
}

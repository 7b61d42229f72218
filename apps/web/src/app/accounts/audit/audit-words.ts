import type { AuditEntry } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';

/** An entry of the log as a sentence: `Anna` `deleted` `Ferry tickets.pdf`; what is empty is left out. */
export interface AuditSentence {
  readonly actor: string;
  readonly verb: string;
  readonly object: string;
  readonly icon: IconName;
  /** It may want somebody to look: it stands out, with words that say so. */
  readonly isWarning: boolean;
}

/** What somebody did to something of another, or of their own where that reads differently. */
interface Words {
  readonly icon: IconName;
  readonly verb: string;
  /** When people did it to their own account, which then is not named. */
  readonly own?: string;
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
  'user.changed': { icon: 'person', verb: 'changed the user', own: 'changed their profile' },
  'user.deleted': { icon: 'person', verb: 'deleted the user' },
  'user.password_changed': {
    icon: 'password',
    verb: 'set a new password for',
    own: 'changed their password',
  },
  'user.session_ended': {
    icon: 'signOut',
    verb: 'ended a session of',
    own: 'ended a session of theirs',
  },
  'user.token_created': {
    icon: 'terminal',
    verb: 'made an API token for',
    own: 'made an API token',
  },
  'user.token_deleted': {
    icon: 'terminal',
    verb: 'deleted an API token of',
    own: 'deleted an API token',
  },
  'user.factor_added': {
    icon: 'shield',
    verb: 'added a passkey or second step for',
    own: 'added a passkey or second step',
  },
  'user.factor_removed': {
    icon: 'shield',
    verb: 'removed a passkey or second step of',
    own: 'removed a passkey or second step',
  },
  'user.recovery_codes_made': {
    icon: 'key',
    verb: 'made recovery codes for',
    own: 'made new recovery codes',
  },
  'user.identity_linked': {
    icon: 'link',
    verb: 'linked the identity provider for',
    own: 'linked their identity provider',
  },
  'drive.granted': { icon: 'drive', verb: 'changed who may use' },
};

const WARNINGS: ReadonlySet<string> = new Set(['user.sign_in_failed', 'file.corrupted']);

const PREFIX = 'homeserver.';

/**
 * @param nameOf the name that people know somebody by, by their id; null for who is no longer there
 */
export function sentenceOf(
  entry: AuditEntry,
  nameOf: (id: string) => string | null,
): AuditSentence {
  const kind = entry.type.startsWith(PREFIX) ? entry.type.slice(PREFIX.length) : entry.type;
  const words = WORDS[kind] ?? { icon: 'info', verb: unknownVerb(kind) };
  const isOwn = words.own !== undefined && isAboutActor(entry);
  return {
    actor: actorOf(entry, kind, nameOf),
    verb: isOwn ? (words.own ?? words.verb) : words.verb,
    object: isOwn ? '' : objectOf(entry, kind),
    icon: words.icon,
    isWarning: WARNINGS.has(kind),
  };
}

function actorOf(entry: AuditEntry, kind: string, nameOf: (id: string) => string | null): string {
  const known = entry.actorId === null ? null : nameOf(entry.actorId);
  if (known !== null) return known;
  if (entry.actorName !== null) return entry.actorName;
  // Nobody was signed in yet: who it became is what it is about.
  if (kind === 'user.signed_in' && entry.summary !== '') return entry.summary;
  return entry.clientAddress === null ? 'HomeServer' : 'Someone';
}

/** Files are quoted: their names may be any words. */
function objectOf(entry: AuditEntry, kind: string): string {
  return kind.startsWith('file.') && entry.summary !== '' ? `“${entry.summary}”` : entry.summary;
}

function isAboutActor({ actorId, actorName, subject, summary }: AuditEntry): boolean {
  if (actorId !== null && subject === `users/${actorId}`) return true;
  // A sign-in has no actor before it; of itself it tells by name alone.
  return actorName === null ? actorId === null : actorName === summary;
}

/** A newer server tells of more: `share.opened` reads `share opened`. */
function unknownVerb(kind: string): string {
  return `${kind.replace(/[._]+/g, ' ')}:`;
}

import type { AuditEntry } from '@homeserver/dto';

import { sentenceOf } from './audit-words';

const ANNA = '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c';
const NOBODY = { actorId: null, actorName: null };

function entry(changes: Partial<AuditEntry>): AuditEntry {
  return {
    id: '1',
    time: '2026-08-14T17:04:11.000Z',
    type: 'homeserver.file.deleted',
    subject: 'files/1',
    actorId: ANNA,
    actorName: 'anna',
    clientAddress: '192.168.1.23',
    summary: 'Ferry tickets.pdf',
    ...changes,
  };
}

function told(changes: Partial<AuditEntry>): string {
  const words = sentenceOf(entry(changes), (id) => (id === ANNA ? 'Anna' : null));
  const { actor, verb, object, detail } = words;
  const sentence = [actor, verb, object].filter((part) => part !== '').join(' ');
  return detail === '' ? sentence : `${sentence} · ${detail}`;
}

function account(kind: string, summary: string, changes: Partial<AuditEntry> = {}): string {
  return told({ type: `homeserver.user.${kind}`, subject: `users/${ANNA}`, summary, ...changes });
}

describe('sentenceOf', () => {
  it('should quote the file when one is the matter', () => {
    expect(told({})).toBe('Anna deleted “Ferry tickets.pdf”');
  });

  it('should name HomeServer when nobody did it and it came from within', () => {
    const within = { ...NOBODY, clientAddress: null };

    expect(told({ type: 'homeserver.file.created', ...within })).toBe(
      'HomeServer added “Ferry tickets.pdf”',
    );
  });

  it.each([
    ['signed_in', 'anna: password', 'Anna signed in · password'],
    ['signed_out', 'anna', 'Anna signed out'],
    ['password_changed', 'anna', 'Anna changed their password'],
    ['token_created', 'anna: Backup: nightly', 'Anna made the API token “Backup: nightly”'],
    ['session_ended', 'anna: 3 other sessions', 'Anna ended a session · 3 other sessions'],
    [
      'changed',
      'anna: display name: Anna M',
      'Anna changed their own account · display name: Anna M',
    ],
  ])('should not name the account when people did %s to their own', (kind, summary, sentence) => {
    expect(account(kind, summary)).toBe(sentence);
  });

  it.each([
    ['created', 'ben: member', 'Anna added the user ben · member'],
    ['changed', 'ben: role: guest', 'Anna changed the user ben · role: guest'],
    ['deleted', 'ben', 'Anna deleted the user ben'],
  ])('should name the account when an administrator did %s', (kind, summary, sentence) => {
    expect(account(kind, summary, { subject: 'users/2' })).toBe(sentence);
  });

  it('should name the first administrator when the set-up made them', () => {
    const cause = { actorId: null, actorName: 'anna' };

    expect(account('created', 'anna: admin', cause)).toBe('anna added the user Anna · admin');
  });

  it('should name who was tried, if there is one, when a sign-in failed', () => {
    expect(account('sign_in_failed', 'anna: wrong code', NOBODY)).toBe(
      'Someone failed to sign in as Anna · wrong code',
    );
    const unknown = { ...NOBODY, subject: 'users' };
    expect(account('sign_in_failed', 'unknown: wrong user name or password', unknown)).toBe(
      'Someone failed to sign in as a user that does not exist',
    );
  });

  it('should keep the name of that time when somebody is no longer there', () => {
    const gone = { actorId: 'gone', actorName: 'carl', subject: 'users/gone' };

    expect(account('token_deleted', 'carl: Sync', gone)).toBe('carl deleted the API token “Sync”');
  });

  it.each([
    ['Media: ben, read', 'Anna lets ben read Media'],
    ['Photos: 2024: ben, write', 'Anna lets ben read and change Photos: 2024'],
    ['Media: ben, none', 'Anna no longer lets ben see Media'],
    ['Media', 'Anna changed who may use Media'],
  ])('should say what somebody may do when the log says “%s”', (summary, sentence) => {
    expect(told({ type: 'homeserver.drive.granted', subject: 'drives/1', summary })).toBe(sentence);
  });

  it('should still say what happened when a newer server tells of something else', () => {
    expect(told({ type: 'homeserver.share.opened', summary: 'Summer 2026' })).toBe(
      'Anna share opened: Summer 2026',
    );
  });

  it('should set off what may want somebody to look when a sign-in failed', () => {
    const failed = entry({ type: 'homeserver.user.sign_in_failed' });

    expect(sentenceOf(failed, () => null).isWarning).toBe(true);
    expect(sentenceOf(entry({}), () => null).isWarning).toBe(false);
  });
});

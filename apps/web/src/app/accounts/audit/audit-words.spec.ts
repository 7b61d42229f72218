import type { AuditEntry } from '@homeserver/dto';

import { sentenceOf } from './audit-words';

const ANNA = '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c';

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
  const { actor, verb, object } = sentenceOf(entry(changes), (id) => (id === ANNA ? 'Anna' : null));
  return [actor, verb, object].filter((part) => part !== '').join(' ');
}

describe('sentenceOf', () => {
  it.each<[string, Partial<AuditEntry>]>([
    ['Anna deleted “Ferry tickets.pdf”', {}],
    ['Anna added “a.txt”', { type: 'homeserver.file.created', summary: 'a.txt' }],
    [
      'HomeServer added “a.txt”',
      {
        type: 'homeserver.file.created',
        summary: 'a.txt',
        actorId: null,
        actorName: null,
        clientAddress: null,
      },
    ],
  ])('should say “%s” when a file is the matter', (sentence, changes) => {
    expect(told(changes)).toBe(sentence);
  });

  it.each<[string, Partial<AuditEntry>]>([
    [
      'Someone failed to sign in as admin',
      {
        type: 'homeserver.user.sign_in_failed',
        actorId: null,
        actorName: null,
        subject: 'users',
        summary: 'admin',
      },
    ],
    [
      'anna signed in',
      {
        type: 'homeserver.user.signed_in',
        actorId: null,
        actorName: null,
        subject: `users/${ANNA}`,
        summary: 'anna',
      },
    ],
    [
      'Anna signed in',
      { type: 'homeserver.user.signed_in', subject: `users/${ANNA}`, summary: 'anna' },
    ],
    [
      'Anna changed their password',
      { type: 'homeserver.user.password_changed', subject: `users/${ANNA}`, summary: 'anna' },
    ],
    [
      'Anna set a new password for ben',
      { type: 'homeserver.user.password_changed', subject: 'users/2', summary: 'ben' },
    ],
    [
      'Anna added the user ben',
      { type: 'homeserver.user.created', subject: 'users/2', summary: 'ben' },
    ],
    [
      'carl deleted an API token',
      {
        type: 'homeserver.user.token_deleted',
        actorId: 'gone',
        actorName: 'carl',
        subject: 'users/gone',
        summary: 'carl',
      },
    ],
    [
      'Anna changed who may use Media',
      { type: 'homeserver.drive.granted', subject: 'drives/1', summary: 'Media' },
    ],
  ])('should say “%s” when an account is the matter', (sentence, changes) => {
    expect(told(changes)).toBe(sentence);
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

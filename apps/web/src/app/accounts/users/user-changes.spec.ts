import { HttpErrorResponse } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { PatchUser, User } from '@homeserver/dto';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { SessionStore } from '../../core/session-store';
import { Asking } from '../../core/sections/asking';
import { sampleUser } from '../testing/sample-user';
import { UserChanges } from './user-changes';
import { UsersStore } from './users-store';

const ME = sampleUser('anna', { role: 'admin' });
const BEN = sampleUser('ben');

/** What a call that is refused gives. */
function failing(failure: unknown): Promise<never> {
  return Promise.reject(failure);
}

describe('UserChanges', () => {
  let answer: boolean;
  let asked: string[];
  let said: string[];
  let changes: [string, Pick<PatchUser, 'role' | 'disabled'>][];
  let undo: (() => void) | null;
  let refusal: unknown;
  let loadCount: number;

  const store = {
    change: (user: User, change: Pick<PatchUser, 'role' | 'disabled'>) => {
      if (refusal !== null) return failing(refusal);
      changes.push([user.id, change]);
      return Promise.resolve();
    },
  };
  const notices = {
    say: (words: string) => said.push(words),
    offerUndo: (words: string, act: () => void) => {
      said.push(words);
      undo = act;
    },
  };
  const dialogs = {
    ask: (_: unknown, question: { heading: string }) => {
      asked.push(question.heading);
      return Promise.resolve(answer);
    },
  };

  beforeEach(() => {
    answer = true;
    asked = [];
    said = [];
    changes = [];
    undo = null;
    refusal = null;
    loadCount = 0;
    const session = {
      user: signal(ME),
      load: async () => {
        loadCount += 1;
      },
    };
    TestBed.configureTestingModule({
      providers: [
        Asking,
        UserChanges,
        { provide: UsersStore, useValue: store },
        { provide: SessionStore, useValue: session },
        { provide: Dialogs, useValue: dialogs },
        { provide: Notices, useValue: notices },
      ],
    });
  });

  it('should change a role at once and offer to take it back when it is of somebody else', async () => {
    await TestBed.inject(UserChanges).changeRole(BEN, 'admin');

    expect(said).toEqual(['ben is an administrator now.']);
    expect(asked).toEqual([]);
    undo?.();
    expect(changes).toEqual([
      ['ben', { role: 'admin' }],
      ['ben', { role: 'member' }],
    ]);
  });

  it('should ask first when somebody gives up their own role, and learn who they are then', async () => {
    await TestBed.inject(UserChanges).changeRole(ME, 'guest');

    expect(asked).toEqual(['Become a guest yourself?']);
    expect(changes).toEqual([['anna', { role: 'guest' }]]);
    expect(loadCount).toBe(1);
  });

  it('should change nothing when the answer is no', async () => {
    answer = false;
    await TestBed.inject(UserChanges).changeRole(ME, 'guest');

    expect(changes).toEqual([]);
    expect(loadCount).toBe(0);
  });

  it('should say why, and offer nothing to take back, when the server refuses', async () => {
    refusal = new HttpErrorResponse({ status: 409, error: { detail: 'The last one.' } });
    await TestBed.inject(UserChanges).setDisabled(BEN, true);

    expect(undo).toBeNull();
    expect(said[0]).toContain('The last one.');
  });

  it('should offer to let somebody in again when they were disabled', async () => {
    await TestBed.inject(UserChanges).setDisabled(BEN, true);
    undo?.();

    expect(changes).toEqual([
      ['ben', { disabled: true }],
      ['ben', { disabled: false }],
    ]);
  });
});

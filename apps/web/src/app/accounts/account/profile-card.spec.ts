import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { User } from '@homeserver/dto';

import { Notices } from '../../core/notices';
import { SessionStore } from '../../core/session-store';
import { exampleUser } from '../../core/testing/example-user';
import { ProfileApi } from '../profile-api';
import { ProfileCard } from './profile-card';

describe('ProfileCard', () => {
  const user = signal<User>(exampleUser({ displayName: 'Anna' }));

  async function open() {
    TestBed.configureTestingModule({
      providers: [
        { provide: SessionStore, useValue: { user, load: () => Promise.resolve() } },
        { provide: ProfileApi, useValue: {} },
        { provide: Notices, useValue: {} },
      ],
    });
    const fixture = TestBed.createComponent(ProfileCard);
    await fixture.whenStable();
    const field = document.querySelector('input');
    const save = document.querySelector('button[type=submit]');
    if (field === null || save === null) throw new Error('There is no form.');
    return { fixture, field, save };
  }

  it('should keep what is typed when something else of the account is news', async () => {
    const { fixture, field, save } = await open();
    field.value = 'Anna of the house';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await fixture.whenStable();
    expect(save.getAttribute('aria-disabled')).toBe('false');
    user.update((known) => ({ ...known, usedBytes: known.usedBytes + 1 }));
    await fixture.whenStable();

    expect([field.value, save.getAttribute('aria-disabled')]).toEqual([
      'Anna of the house',
      'false',
    ]);
  });

  it('should show the name that was given meanwhile', async () => {
    const { fixture, field } = await open();
    user.update((known) => ({ ...known, displayName: 'Nan' }));
    await fixture.whenStable();

    expect(field.value).toBe('Nan');
  });
});

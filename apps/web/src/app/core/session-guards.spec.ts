import { signal } from '@angular/core';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { type Role, SCOPES_OF_ROLE, type Scope, type User } from '@homeserver/dto';

import { beforeSetup, having, signedIn, signedOut } from './session-guards';
import { SessionStore } from './session-store';
import { exampleUser } from './testing/example-user';

@Component({ template: '' })
class Page {}

describe('the guards of pages', () => {
  const user = signal<User | null | undefined>(undefined);
  const needsSetup = signal(false);

  async function arriveAt(path: string): Promise<string> {
    const router = TestBed.inject(Router);
    await router.navigateByUrl(path);
    return router.url;
  }

  function signIn(role: Role): void {
    user.set(exampleUser({ role }));
  }

  beforeEach(() => {
    user.set(null);
    needsSetup.set(false);
    const can = (scope: Scope) => {
      const person = user();
      return person ? SCOPES_OF_ROLE[person.role].includes(scope) : false;
    };
    const session = { user, needsSetup, can, ready: () => Promise.resolve() };
    const framed = [
      { path: 'dashboard', component: Page, canActivate: [having('monitoring:read')] },
      { path: 'files', component: Page },
      { path: 'account', component: Page },
      { path: 'users', component: Page, canActivate: [having('admin')] },
    ];
    TestBed.configureTestingModule({
      providers: [
        provideRouter([
          { path: 'setup', component: Page, canActivate: [beforeSetup] },
          { path: 'sign-in', component: Page, canActivate: [signedOut] },
          { path: '', canActivate: [signedIn], component: Page, children: framed },
        ]),
        { provide: SessionStore, useValue: session },
      ],
    });
  });

  it('should lead to the sign-in, and keep what was wanted, when nobody is signed in', async () => {
    expect(await arriveAt('/files?tag=a')).toBe('/sign-in?returnTo=%2Ffiles%3Ftag%3Da');
  });

  it('should lead to the set-up when nobody has an account', async () => {
    needsSetup.set(true);

    expect(await arriveAt('/files')).toBe('/setup');
    expect(await arriveAt('/sign-in')).toBe('/setup');
  });

  it('should open the page all the same when the server cannot tell who is there', async () => {
    user.set(undefined);

    expect(await arriveAt('/dashboard')).toBe('/dashboard');
  });

  it('should lead on when somebody is signed in already', async () => {
    signIn('member');

    expect(await arriveAt('/sign-in?returnTo=%2Ffiles')).toBe('/files');
    expect(await arriveAt('/setup')).toBe('/dashboard');
    expect(await arriveAt('/sign-in?problem=accounts.oidc_refused')).toBe(
      '/account?problem=accounts.oidc_refused',
    );
  });

  it('should lead guests to the files, since they may not see the machine', async () => {
    signIn('guest');

    expect(await arriveAt('/dashboard')).toBe('/files');
    expect(await arriveAt('/users')).toBe('/files');
  });

  it('should keep the pages of administrators for them', async () => {
    signIn('member');
    expect(await arriveAt('/users')).toBe('/dashboard');

    signIn('admin');
    expect(await arriveAt('/users')).toBe('/users');
  });

  it('should lead to the sign-in when the set-up is over', async () => {
    expect(await arriveAt('/setup')).toBe('/sign-in');
  });
});

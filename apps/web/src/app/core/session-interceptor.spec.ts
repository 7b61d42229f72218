import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';

import { ConfirmIdentity } from './confirm-identity/confirm-identity';
import { PageOpener } from './page-opener';
import { SessionEnd } from './session-end';
import { confirmIdentity, watchSession } from './session-interceptor';
import { SessionStore } from './session-store';
import { exampleUser } from './testing/example-user';

@Component({ template: '' })
class Page {}

const SIGNED_OUT = { code: 'accounts.sign_in_required', detail: 'Sign in.' };
const CONFIRM = { code: 'accounts.confirm_required', detail: 'Show that it is you.' };
const UNAUTHORIZED = { status: 401, statusText: 'Unauthorized' };
const FORBIDDEN = { status: 403, statusText: 'Forbidden' };

describe('the interceptors of the session', () => {
  let server: HttpTestingController;
  let session: SessionStore;
  let opened: string[];
  let answers: boolean[];

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
  }

  function call(): Promise<unknown> {
    return firstValueFrom(TestBed.inject(HttpClient).delete('/api/v1/me/tokens/1'));
  }

  beforeEach(async () => {
    opened = [];
    answers = [];
    const ask = async () => answers.shift() === true;
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([confirmIdentity, watchSession])),
        provideHttpClientTesting(),
        provideRouter([{ path: '**', component: Page }]),
        { provide: ConfirmIdentity, useValue: { ask } },
        { provide: PageOpener, useValue: { open: (path: string) => opened.push(path) } },
      ],
    });
    server = TestBed.inject(HttpTestingController);
    session = TestBed.inject(SessionStore);
    await TestBed.inject(Router).navigateByUrl('/files?tag=a');
  });

  it('should show the sign-in, which leads back, when a call learns that the session has ended', async () => {
    session.update(exampleUser());
    const called = call();
    server.expectOne('/api/v1/me/tokens/1').flush(SIGNED_OUT, UNAUTHORIZED);
    await expect(called).rejects.toMatchObject({ status: 401 });
    server.expectOne('/api/v1/me').flush(SIGNED_OUT, UNAUTHORIZED);
    await settle();

    expect(TestBed.inject(Router).url).toBe('/sign-in?returnTo=%2Ffiles%3Ftag%3Da');
    expect(session.user()).toBeNull();
  });

  it('should stay when the answer is older than a new sign-in', async () => {
    session.update(exampleUser());
    const called = call();
    server.expectOne('/api/v1/me/tokens/1').flush(SIGNED_OUT, UNAUTHORIZED);
    await expect(called).rejects.toMatchObject({ status: 401 });
    server.expectOne('/api/v1/me').flush(exampleUser());
    await settle();

    expect(TestBed.inject(Router).url).toBe('/files?tag=a');
    expect(opened).toEqual([]);
  });

  it('should load the app anew when somebody else has signed in in this browser', async () => {
    session.update(exampleUser());
    const checked = TestBed.inject(SessionEnd).check();
    server.expectOne('/api/v1/me').flush(exampleUser({ id: 'ben', username: 'ben' }));
    await checked;

    expect(opened).toEqual(['/files?tag=a']);
  });

  it('should lead nowhere when the first call of all finds nobody', async () => {
    const ready = session.ready();
    server.expectOne('/api/v1/me').flush(SIGNED_OUT, UNAUTHORIZED);
    await settle();
    server.expectOne('/api/v1/setup').flush({ needed: false });
    await ready;

    expect(TestBed.inject(Router).url).toBe('/files?tag=a');
  });

  it('should repeat the call when the person has proven who they are', async () => {
    answers = [true];
    const called = call();
    server.expectOne('/api/v1/me/tokens/1').flush(CONFIRM, FORBIDDEN);
    await settle();
    server.expectOne('/api/v1/me/tokens/1').flush(null);

    await expect(called).resolves.toBeNull();
  });

  it('should fail as the server said when the person lets it be', async () => {
    answers = [false];
    const called = call();
    server.expectOne('/api/v1/me/tokens/1').flush(CONFIRM, FORBIDDEN);

    await expect(called).rejects.toMatchObject({ error: CONFIRM });
    expect(server.match('/api/v1/me/tokens/1')).toHaveLength(0);
  });
});

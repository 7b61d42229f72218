import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { PageOpener } from './page-opener';
import { SessionStore } from './session-store';
import { exampleUser } from './testing/example-user';

const NOBODY = { status: 401, statusText: 'Unauthorized' };
const AWAY = { status: 503, statusText: 'Service Unavailable' };

describe('SessionStore', () => {
  let server: HttpTestingController;
  let store: SessionStore;
  let opened: string[];

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  beforeEach(() => {
    jest.useFakeTimers();
    opened = [];
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: PageOpener, useValue: { open: (path: string) => opened.push(path) } },
      ],
    });
    server = TestBed.inject(HttpTestingController);
    store = TestBed.inject(SessionStore);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  it('should know the person and what their role allows when the server has told', async () => {
    const ready = store.ready();
    expect(store.user()).toBeUndefined();
    server.expectOne('/api/v1/me').flush(exampleUser({ role: 'guest' }));
    await ready;

    expect(store.user()?.username).toBe('anna');
    expect(store.isAdmin()).toBe(false);
    expect(store.can('files:read')).toBe(true);
    expect(store.can('monitoring:read')).toBe(false);
  });

  it('should know that nobody is signed in, and whether a first account is wanted, when the server says so', async () => {
    const ready = store.ready();
    server.expectOne('/api/v1/me').flush(null, NOBODY);
    await settle();
    server.expectOne('/api/v1/setup').flush({ needed: true });
    await ready;

    expect(store.user()).toBeNull();
    expect(store.needsSetup()).toBe(true);
  });

  it('should say why, and ask again, while the server cannot tell', async () => {
    const ready = store.ready();
    server.expectOne('/api/v1/me').flush(null, AWAY);
    await ready;
    expect(store.user()).toBeUndefined();
    expect(store.problem()?.title).toBe('HomeServer does not answer');

    jest.advanceTimersToNextTimer();
    server.expectOne('/api/v1/me').flush(exampleUser());
    await settle();
    expect(store.user()?.username).toBe('anna');
    expect(store.problem()).toBeNull();
  });

  it('should ask once when several want to know at the start', () => {
    void store.ready();
    void store.ready();

    expect(server.match('/api/v1/me')).toHaveLength(1);
  });

  it('should load the app anew when the person signs out, so that nothing of theirs stays', async () => {
    const left = store.signOut();
    expect(opened).toEqual([]);
    server.expectOne('/api/v1/auth/sign-out').flush(null);
    await left;

    expect(opened).toEqual(['/sign-in']);
  });

  it('should leave all the same when the session had ended already', async () => {
    const left = store.signOut();
    server.expectOne('/api/v1/auth/sign-out').flush({ code: 'accounts.sign_in_required' }, NOBODY);
    await left;

    expect(opened).toEqual(['/sign-in']);
  });

  it('should remember whose session has ended', () => {
    store.update(exampleUser());
    store.forget();

    expect(store.user()).toBeNull();
    expect(store.formerUser()?.username).toBe('anna');
  });

  it('should not want a first account any more when somebody else has made it', async () => {
    const ready = store.ready();
    server.expectOne('/api/v1/me').flush(null, NOBODY);
    await settle();
    server.expectOne('/api/v1/setup').flush({ needed: true });
    await ready;

    const made = store.setUp({ setupToken: 't', username: 'anna', password: 'a long phrase' });
    const problem = { code: 'accounts.already_set_up', detail: 'Sign in instead.' };
    server.expectOne('/api/v1/setup').flush(problem, { status: 409, statusText: 'Conflict' });

    await expect(made).rejects.toMatchObject({ status: 409 });
    expect(store.needsSetup()).toBe(false);
  });

  it('should tell those who wait when somebody is signed in', async () => {
    let isIn = false;
    void store.untilSignedIn().then(() => (isIn = true));
    TestBed.tick();
    await settle();
    expect(isIn).toBe(false);

    store.update(exampleUser());
    TestBed.tick();
    await settle();
    expect(isIn).toBe(true);
  });
});

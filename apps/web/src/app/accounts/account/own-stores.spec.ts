import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { FactorsStore } from './factors-store';
import { SessionsStore } from './sessions-store';
import { TokensStore } from './tokens-store';

/** Lets what an answer sets off come about. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

let server: HttpTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      FactorsStore,
      SessionsStore,
      TokensStore,
    ],
  });
  server = TestBed.inject(HttpTestingController);
});

afterEach(() => server.verify());

async function answerList(name: string, items: readonly object[]): Promise<void> {
  server
    .expectOne(({ url, method }) => method === 'GET' && url === `/api/v1/me/${name}`)
    .flush({ items, nextCursor: null });
  await settle();
}

describe('SessionsStore', () => {
  const session = (id: string, minute: number, isCurrent = false) => ({
    id,
    lastSeenAt: `2026-08-14T10:0${minute}:00.000Z`,
    isCurrent,
  });

  async function begin(): Promise<SessionsStore> {
    const store = TestBed.inject(SessionsStore);
    await answerList('sessions', [session('a', 1), session('b', 5), session('c', 0, true)]);
    return store;
  }

  function ids(store: SessionsStore): readonly string[] | undefined {
    return store.list.value()?.map(({ id }) => id);
  }

  it('should begin with this one, then the latest used, when there are several', async () => {
    const store = await begin();

    expect(ids(store)).toEqual(['c', 'b', 'a']);
    expect(store.hasOthers()).toBe(true);
  });

  it('should forget one when it was ended, and not when that was refused', async () => {
    const store = await begin();
    const refused = store.end('a');
    server.expectOne('/api/v1/me/sessions/a').flush(null, { status: 403, statusText: 'No' });
    await expect(refused).rejects.toMatchObject({ status: 403 });
    expect(ids(store)).toHaveLength(3);

    const ended = store.end('a');
    server.expectOne('/api/v1/me/sessions/a').flush(null);
    await ended;
    expect(ids(store)).toEqual(['c', 'b']);
  });

  it('should keep this one alone when all others were ended', async () => {
    const store = await begin();
    const ended = store.endOthers();
    server.expectOne({ method: 'DELETE', url: '/api/v1/me/sessions' }).flush(null);
    await ended;

    expect(ids(store)).toEqual(['c']);
    expect(store.hasOthers()).toBe(false);
  });
});

describe('TokensStore', () => {
  it('should hand out the secret and list the token when one is made', async () => {
    const store = TestBed.inject(TokensStore);
    await answerList('tokens', []);
    const made = store.create({ name: 'Backup', scopes: ['files:read'] });
    server
      .expectOne({ method: 'POST', url: '/api/v1/me/tokens' })
      .flush({ id: 't1', token: 'hs_x' });

    expect(await made).toBe('hs_x');
    await answerList('tokens', [{ id: 't1', name: 'Backup' }]);
    expect(store.list.value()?.map(({ name }) => name)).toEqual(['Backup']);
  });

  it('should forget a token when it was deleted', async () => {
    const store = TestBed.inject(TokensStore);
    await answerList('tokens', [{ id: 't1' }, { id: 't2' }]);
    const deleted = store.delete('t1');
    server.expectOne('/api/v1/me/tokens/t1').flush(null);
    await deleted;

    expect(store.list.value()?.map(({ id }) => id)).toEqual(['t2']);
  });
});

describe('FactorsStore', () => {
  const APP = { id: 'f1', kind: 'totp' };
  const KEY = { id: 'f2', kind: 'passkey' };

  it('should tell the app from passkeys when there are both', async () => {
    const store = TestBed.inject(FactorsStore);
    await answerList('factors', [KEY, APP]);

    expect(store.authenticator()?.id).toBe('f1');
    expect(store.passkeys().map(({ id }) => id)).toEqual(['f2']);
  });

  it('should ask what else has changed when one was removed', async () => {
    const store = TestBed.inject(FactorsStore);
    await answerList('factors', [APP]);
    const deleted = store.delete('f1');
    server.expectOne('/api/v1/me/factors/f1').flush(null);
    await settle();
    await answerList('factors', []);
    await deleted;

    expect(store.authenticator()).toBeNull();
  });

  it('should show what the server says when a second step is asked for', async () => {
    const store = TestBed.inject(FactorsStore);
    await answerList('factors', [KEY]);
    const changed = store.requireAtSignIn(true);
    const request = server.expectOne({ method: 'PATCH', url: '/api/v1/me/factors' });
    request.flush({ items: [KEY], requiredAtSignIn: true });
    await changed;

    expect(request.request.body).toEqual({ requiredAtSignIn: true });
    expect(store.list.value()?.requiredAtSignIn).toBe(true);
  });
});

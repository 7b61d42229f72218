import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { sampleUser } from '../testing/sample-user';
import { UsersStore } from './users-store';

describe('UsersStore', () => {
  let server: HttpTestingController;
  let store: UsersStore;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), UsersStore],
    });
    server = TestBed.inject(HttpTestingController);
    store = TestBed.inject(UsersStore);
    const items = [sampleUser('zoe'), sampleUser('anna'), sampleUser('Émile')];
    server
      .expectOne((request) => request.url === '/api/v1/users')
      .flush({ items, nextCursor: null });
    await Promise.resolve();
    await Promise.resolve();
  });

  afterEach(() => server.verify());

  it('should be in the order of names when there are several', () => {
    expect(store.users()?.map((user) => user.displayName)).toEqual(['anna', 'Émile', 'zoe']);
  });

  it('should show a change at once when it is asked for', () => {
    void store.change(sampleUser('anna'), { disabled: true });

    expect(store.users()?.[0]?.disabled).toBe(true);
    server.expectOne('/api/v1/users/anna').flush(sampleUser('anna', { disabled: true }));
  });

  it('should show what was before when the change is refused', async () => {
    const changed = store.change(sampleUser('anna'), { role: 'guest' });
    server
      .expectOne('/api/v1/users/anna')
      .flush({ code: 'accounts.last_administrator' }, { status: 409, statusText: 'Conflict' });

    await expect(changed).rejects.toMatchObject({ status: 409 });
    expect(store.users()?.[0]?.role).toBe('member');
  });

  it('should forget somebody when they are deleted, and not before', async () => {
    const deleted = store.delete('anna');
    expect(store.users()).toHaveLength(3);

    server.expectOne('/api/v1/users/anna').flush(null);
    await deleted;

    expect(store.users()).toHaveLength(2);
  });
});

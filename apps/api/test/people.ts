import { userSchema } from '@homeserver/dto';

import { Browser } from './browser';
import { query } from './query';
import type { TestApp } from './test-app';

/** Somebody who has an account, in a browser of theirs in which they are signed in. */
export interface TestPerson {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly browser: Browser;
}

let made = 0;

/** Where passkeys are to be had: they need a name, and the loopback interface has one. */
export function localhostUrl({ url }: TestApp): string {
  return url.replace('127.0.0.1', 'localhost');
}

/** Makes a member who has signed in a moment ago. */
export async function makePerson(server: TestApp): Promise<TestPerson> {
  made += 1;
  const credentials = { username: `person${made}`, password: `the ${made}th tide was a low one` };
  const response = await fetch(`${server.url}/api/v1/users`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  const { id } = userSchema.parse(await response.json());
  const browser = new Browser(localhostUrl(server));
  const { status } = await browser.signIn(credentials);
  if (status !== 200) throw new Error(`${credentials.username} cannot sign in: ${status}`);
  return { id, ...credentials, browser };
}

/** Lets the sign-in of a person be longer ago than what is sensitive allows. */
export async function ageSignIn(server: TestApp, { id }: TestPerson): Promise<void> {
  await query(
    server.database.url,
    `update sessions set confirmed_at = now() - interval '16 minutes' where user_id = $1`,
    [id],
  );
}

export async function disable(server: TestApp, { id }: Pick<TestPerson, 'id'>): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/users/${id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ disabled: true }),
  });
  if (!response.ok) throw new Error(`The user cannot be disabled: ${response.status}`);
}

/** What the audit log says about an account, the newest first: `[type, detail]`. */
export async function auditOf(
  server: TestApp,
  { id }: Pick<TestPerson, 'id'>,
): Promise<[string, string | null][]> {
  const rows = await query<{ type: string; detail: string | null }>(
    server.database.url,
    `select type, data ->> 'detail' as detail from (
       select 1 as place, position as number, type, subject, data from events
       union all select 2, id, type, subject, data from event_outbox
     ) e where subject = $1 order by place desc, number desc`,
    [`users/${id}`],
  );
  return rows.map(({ type, detail }) => [type, detail]);
}

/** Forgets who has tried too often, so that tests that share a client do not count for each other. */
export async function forgetAttempts(server: TestApp): Promise<void> {
  await query(server.database.url, `delete from secret_attempts`);
}

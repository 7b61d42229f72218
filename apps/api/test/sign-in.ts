import { createdTokenSchema, type Scope, SCOPES } from '@homeserver/dto';

/** The value of the header Cookie that a sign-in has given; the answer must be one that gives it. */
export function cookieOf(response: Response): string {
  const [first = ''] = response.headers.getSetCookie();
  const [pair = ''] = first.split(';');
  if (!/^(__Host-)?homeserver_session=\w+$/.test(pair))
    throw new Error(`No session: ${response.status} ${first}`);
  return pair;
}

/** Signs in as a browser does. @returns the value of the header Cookie */
export async function signInWith(
  url: string,
  { username, password }: { username: string; password: string },
): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Anonymous': '1' },
    body: JSON.stringify({ username, password }),
  });
  return cookieOf(response);
}

/** A token for who signs in. @param scopes all where absent */
export async function tokenOf(
  url: string,
  user: { username: string; password: string },
  scopes: readonly Scope[] = SCOPES,
): Promise<string> {
  const response = await fetch(`${url}/api/v1/me/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: await signInWith(url, user) },
    body: JSON.stringify({ name: 'tests', scopes }),
  });
  return createdTokenSchema.parse(await response.json()).token;
}

/** How the benchmarks come into HomeServer: as any program does, by a token. */

/** Its start makes this user. */
export const ADMINISTRATOR = { username: 'keeper', password: 'the tide was high at nine' };

const SCOPES = ['files:read', 'files:write', 'monitoring:read', 'events:read', 'admin'];

/** @returns {Promise<{ authorization: string }>} the headers of every request that is ours */
export async function signIn(url) {
  const signedIn = await post(`${url}/api/v1/auth/sign-in`, {}, ADMINISTRATOR);
  const [cookie] = signedIn.headers.getSetCookie()[0].split(';');
  const wish = { name: 'benchmarks', scopes: SCOPES };
  const { token } = await (await post(`${url}/api/v1/me/tokens`, { cookie }, wish)).json();
  return { authorization: `Bearer ${token}` };
}

/** @throws Error with the answer when it is a refusal */
export async function post(url, headers, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}

/** Headers as curl takes them. */
export function curlHeaders(headers) {
  return Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
}

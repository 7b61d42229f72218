/**
 * Signs people in, all at once, each from an address of its own as a proxy would say it: limits go by
 * addresses. Prints `begin`, then `{ seconds }`. Takes `{ url, people: [{ username, password }] }` as JSON in
 * its first argument.
 */
import { Agent, request } from 'node:http';

const { url, people } = JSON.parse(process.argv[2]);
const agent = new Agent({ maxSockets: Infinity });

function signIn(person, index) {
  const body = JSON.stringify(person);
  return new Promise((resolve, reject) => {
    const sent = request(new URL('/api/v1/auth/sign-in', url), {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-forwarded-for': `10.0.${index >> 8}.${index & 255}`,
      },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      response.resume();
      if (response.statusCode === 200) response.once('end', resolve);
      else
        reject(new Error(`The sign-in of ${person.username} was answered ${response.statusCode}.`));
    });
    sent.end(body);
  });
}

process.stdout.write('begin\n');
const startedAt = performance.now();
await Promise.all(people.map(signIn));
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - startedAt) / 1000 })}\n`);

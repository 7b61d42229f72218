/**
 * Sends or fetches many small files over connections that stay open, and prints what it took. Runs as a
 * process of its own, so that its work is not counted as the server's.
 * Takes `{ url, headers, upload | paths, count, connections, sizeBytes }` as JSON in its first argument.
 */
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';

const settings = JSON.parse(process.argv[2]);
const { url, upload, paths, count, connections, sizeBytes } = settings;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
/** Each run has names of its own: a taken one costs more. */
const run = randomBytes(4).toString('hex');
const content = randomBytes(sizeBytes ?? 0);

function describe(index) {
  if (upload === undefined) return { method: 'GET', path: paths[index % paths.length] };
  const path = upload.path.replace('{n}', String(index));
  if (upload.body === 'plain') return { method: upload.method, path, body: content, headers: {} };
  const boundary = 'boundary-of-the-benchmark';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="small-${run}-${index}.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return {
    method: upload.method,
    path,
    body: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

function send({ method, path, body, headers = {} }) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': body.length };
    const sent = request(
      new URL(path, url),
      { agent, method, headers: { ...settings.headers, ...headers, ...length } },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (answer += upload === undefined ? '' : chunk));
        response.on('end', () => {
          if (response.statusCode < 300) resolve(answer);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${answer}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const answers = new Array(count);
let next = 0;
async function work() {
  while (next < count) {
    const index = next;
    next += 1;
    answers[index] = await send(describe(index));
  }
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: connections }, work));
const seconds = (performance.now() - startedAt) / 1000;
agent.destroy();
const ids = answers
  .filter((answer) => answer?.startsWith('{'))
  .map((answer) => JSON.parse(answer).id);
process.stdout.write(JSON.stringify({ seconds, ids }));

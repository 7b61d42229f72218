// A file's way through HomeServer: node files.mjs PATH
// HOMESERVER_TOKEN is an API token with the scopes files:read and files:write.
import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const server = process.env.HOMESERVER ?? 'http://localhost:8000';
const authorization = `Bearer ${process.env.HOMESERVER_TOKEN ?? ''}`;
const [file] = process.argv.slice(2);

/** Calls the API. Every failure is a problem (RFC 9457), with a code that does not change. */
async function call(address, { headers, ...options } = {}) {
  const response = await fetch(`${server}/api/v1${address}`, {
    ...options,
    headers: { ...headers, authorization },
  });
  if (response.ok) return response;
  const { status, code, detail, requestId } = await response.json();
  throw Object.assign(new Error(`${status} ${code}: ${detail} (request ${requestId})`), { code });
}

function changeTags({ id, version }, tags) {
  return call(`/files/${id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', 'If-Match': `"v${version}"` },
    body: JSON.stringify({ tags }),
  });
}

// Upload, with two tags. An answer of 201 means that the file is on the disk.
const form = new FormData();
form.append('tags', 'holiday');
form.append('tags', 'to print');
form.append('file', await openAsBlob(file), path.basename(file));
const uploaded = await (await call('/files/upload', { method: 'POST', body: form })).json();
console.log(`uploaded ${uploaded.id}`);

// The newest files that bear a tag, page by page.
const found = [];
let cursor = null;
do {
  const query = new URLSearchParams({ tag: 'to print', limit: '100', ...(cursor && { cursor }) });
  const page = await (await call(`/files/list?${query}`)).json();
  found.push(...page.items);
  cursor = page.nextCursor;
} while (cursor !== null);
if (found.some(({ id }) => id === uploaded.id)) console.log('listed');

// Download, and compare with what was sent.
const bytes = await (await call(`/files/${uploaded.id}/download`)).arrayBuffer();
if (Buffer.from(bytes).equals(await readFile(file))) console.log('the same bytes');

// Other tags, but only if nobody has changed the file since.
await changeTags(uploaded, ['printed']);
console.log('tagged');

// The same again is refused, because the version has risen.
await changeTags(uploaded, ['holiday']).catch(({ code }) =>
  console.log(`a stale change is answered with ${code}`),
);

await call(`/files/${uploaded.id}`, { method: 'DELETE' });
console.log('in the trash');

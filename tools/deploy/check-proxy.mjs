/**
 * Tries what a web server in front of HomeServer must let through:
 * `node tools/deploy/check-proxy.mjs http://homeserver.lan:8080 [https://home.example.org:8443]`. The names need
 * not resolve: every request goes to this machine, and certificates are taken as they are. Signs in as
 * ADMIN_USERNAME with ADMIN_PASSWORD, or what the file ADMIN_PASSWORD_FILE holds, for its owner may write the
 * default drive. Leaves nothing behind but lines in the audit log.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

import { WebSocket } from 'ws';

const MIB = 1024 * 1024;
const FILES = '/api/v1/files';
const METRICS_SOCKET = '/api/v1/monitoring/ws';
/** Not the address that the web server itself has on this machine; Linux has all of 127.0.0.0/8. */
const OUR_ADDRESS = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
/** Of the documentation networks (RFC 5737): nobody has it. */
const FORGED_ADDRESS = '203.0.113.7';

/** One address of the server, asked under its name but always found on this machine. */
class Site {
  /** Of the session; empty while nobody is signed in. */
  cookie = '';

  constructor(address) {
    const { origin, protocol, hostname, port, host } = new URL(address);
    Object.assign(this, { origin, protocol, hostname, port, host });
  }

  /** @returns {http.ClientRequest} */
  open(method, path, headers = {}) {
    const { request } = this.protocol === 'https:' ? https : http;
    return request({
      host: '127.0.0.1',
      localAddress: OUR_ADDRESS,
      port: this.port,
      servername: this.hostname,
      rejectUnauthorized: false,
      method,
      path,
      headers: { host: this.host, ...(this.cookie && { cookie: this.cookie }), ...headers },
    });
  }

  /** @returns {Promise<{ status: number, headers: object, body: Buffer }>} */
  async ask(method, path, headers, body) {
    const request = this.open(method, path, headers);
    request.end(body);
    return answerOf(request);
  }

  /** Signs in. @returns {Promise<string>} what the answer says of the cookie */
  async signIn(headers = {}) {
    const body = JSON.stringify(administrator());
    const type = { 'content-type': 'application/json' };
    const answer = await this.ask('POST', '/api/v1/auth/sign-in', { ...type, ...headers }, body);
    assert.equal(answer.status, 200, String(answer.body));
    const [cookie] = answer.headers['set-cookie'];
    this.cookie = cookie.split(';')[0];
    return cookie;
  }

  async signOut() {
    const { status } = await this.ask('POST', '/api/v1/auth/sign-out');
    assert.equal(status, 204);
    this.cookie = '';
  }

  socket(path, { origin = this.origin, cookie = this.cookie } = {}) {
    return new WebSocket(`${this.protocol.replace('http', 'ws')}//127.0.0.1:${this.port}${path}`, {
      origin,
      headers: { host: this.host, ...(cookie && { cookie }) },
      servername: this.hostname,
      rejectUnauthorized: false,
    });
  }
}

function administrator() {
  const { ADMIN_USERNAME: username, ADMIN_PASSWORD, ADMIN_PASSWORD_FILE: file } = process.env;
  return { username, password: ADMIN_PASSWORD ?? readFileSync(file, 'utf8').trim() };
}

async function answerOf(request) {
  const [response] = await once(request, 'response');
  const chunks = await response.toArray();
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Sends a file as a form of a known length, piece by piece, and gives what the server says of it. */
async function upload(site, { name, sizeBytes, headers = {} }) {
  const boundary = randomBytes(12).toString('hex');
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const request = site.open('POST', `${FILES}/upload`, {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'content-length': head.length + sizeBytes + tail.length,
    ...headers,
  });
  const answer = answerOf(request);
  if (headers.expect !== undefined) {
    await Promise.race([once(request, 'continue'), answer]);
  }
  const piece = randomBytes(Math.min(MIB, sizeBytes));
  const hash = createHash('sha256');
  request.write(head);
  for (let sent = 0; sent < sizeBytes; sent += piece.length) {
    const part = piece.subarray(0, sizeBytes - sent);
    hash.update(part);
    if (!request.write(part)) await once(request, 'drain');
  }
  request.end(tail);
  const { status, body } = await answer;
  return { status, file: JSON.parse(body), sha256: hash.digest('hex') };
}

async function remove(site, { id }) {
  assert.equal((await site.ask('DELETE', `${FILES}/${id}`)).status, 204);
}

/** In their order: what comes after the sign-in goes by its session. */
const CHECKS = {
  'the page of the web app, under any of its addresses': async (site) => {
    for (const path of ['/', '/files', '/dashboard', '/some/where']) {
      const { status, headers, body } = await site.ask('GET', path);
      assert.equal(status, 200);
      assert.match(String(body), /<home-root>/);
      assert.equal(headers['cache-control'], 'no-cache');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    }
  },
  'its files, compressed and kept for good': async (site) => {
    const page = String((await site.ask('GET', '/')).body);
    const [, script] = /src="(main-[^"]+\.js)"/.exec(page);
    const { status, headers } = await site.ask('GET', `/${script}`, { 'accept-encoding': 'br' });
    assert.equal(status, 200);
    assert.equal(headers['content-encoding'], 'br');
    assert.match(headers['content-type'], /javascript/);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
  },
  'a file that is not there is a 404, and no page': async (site) => {
    const { status, headers } = await site.ask('GET', '/main-00000000.js');
    assert.equal(status, 404);
    assert.match(headers['content-type'], /problem\+json/);
  },
  'documents and health': async (site) => {
    for (const path of ['/docs', '/docs-json', '/docs/asyncapi.json', '/health', '/health/ready'])
      assert.equal((await site.ask('GET', path)).status, 200, path);
    const former = await site.ask('GET', '/static/files.html');
    assert.equal(former.status, 302);
    assert.equal(former.headers.location, '/files');
  },
  'a name that is not ours gets nothing': async (site) => {
    const { status, body } = await site.ask('GET', `${FILES}/list`, { host: 'evil.example.com' });
    // Over HTTPS the web server itself knows its one name, and answers others by nothing at all.
    if (site.protocol === 'https:') assert.equal(body.length, 0);
    else assert.equal(status, 421);
  },
  'HTTP leads to HTTPS, where there is HTTPS': async (site) => {
    if (site.protocol === 'http:') return;
    const { status, headers } = await new Site(`http://${site.hostname}`).ask('GET', '/files');
    assert.equal(status, 308);
    assert.equal(headers.location, `${site.origin}/files`);
  },
  'nobody comes in unknown': async (site) => {
    const { status, body } = await site.ask('GET', `${FILES}/list`);
    assert.equal(status, 401);
    assert.equal(JSON.parse(body).code, 'accounts.sign_in_required');
    const socket = site.socket(METRICS_SOCKET);
    const [, response] = await once(socket, 'unexpected-response');
    assert.equal(response.statusCode, 401);
    response.destroy();
  },
  'a sign-in, whose cookie fits the scheme that the browser used': async (site) => {
    const forged = site.protocol === 'https:' ? 'http' : 'https';
    const cookie = await site.signIn({ 'x-forwarded-proto': forged });
    const [pair, ...attributes] = cookie.split('; ');
    const isSecure = site.protocol === 'https:';
    assert.match(pair, isSecure ? /^__Host-homeserver_session=\w/ : /^homeserver_session=\w/);
    assert.equal(attributes.includes('Secure'), isSecure);
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/'])
      assert.ok(attributes.includes(attribute), cookie);
    assert.doesNotMatch(cookie, /domain/i);
    assert.equal((await site.ask('GET', '/api/v1/me')).status, 200);
  },
  'the address of the client, whatever it says itself': async (site) => {
    await site.signOut();
    await site.signIn({ 'x-forwarded-for': FORGED_ADDRESS, forwarded: `for=${FORGED_ADDRESS}` });
    const { body } = await site.ask('GET', '/api/v1/me/sessions');
    const { clientAddress } = JSON.parse(body).items.find(({ isCurrent }) => isCurrent);
    assert.equal(
      clientAddress,
      OUR_ADDRESS,
      'TRUST_PROXY must name the web server, and nobody else',
    );
  },
  'a page of another site is 403': async (site) => {
    const { status } = await upload(site, {
      name: 'foreign.bin',
      sizeBytes: 10,
      headers: { origin: 'https://evil.example.com' },
    });
    assert.equal(status, 403);
  },
  'the numbers of the machine over a socket': async (site) => {
    const socket = site.socket(METRICS_SOCKET);
    const [frame] = await once(socket, 'message');
    assert.ok(JSON.parse(frame).system.memory.totalBytes > 0);
    socket.close();
    await once(socket, 'close');
  },
  'a socket of another site is 403': async (site) => {
    const socket = site.socket(METRICS_SOCKET, { origin: 'https://evil.example.com' });
    const [, response] = await once(socket, 'unexpected-response');
    assert.equal(response.statusCode, 403);
    response.destroy();
  },
  'an upload of our own page, and its event over a socket': async (site) => {
    const socket = site.socket('/api/v1/events/ws?types=homeserver.file.*');
    await once(socket, 'open');
    const frames = on(socket, 'message');
    const { status, file } = await upload(site, {
      name: 'own page.bin',
      sizeBytes: 1000,
      headers: { origin: site.origin },
    });
    assert.equal(status, 201);
    for await (const [frame] of frames) {
      const { type, subject, data } = JSON.parse(frame);
      const isOurs = JSON.stringify([subject, data]).includes(file.id);
      if (isOurs && type === 'homeserver.file.created') break;
    }
    await remove(site, file);
    socket.close();
  },
  'an upload that waits for the invitation': async (site) => {
    const headers = { expect: '100-continue' };
    const { status, file } = await upload(site, { name: 'invited.bin', sizeBytes: 5000, headers });
    assert.equal(status, 201);
    await remove(site, file);
  },
  'an upload of 1 GiB, whole and by ranges': async (site) => {
    const sizeBytes = 1024 * MIB;
    const { status, file, sha256 } = await upload(site, { name: 'large.bin', sizeBytes });
    assert.equal(status, 201);
    assert.equal(file.sha256, sha256);
    const path = `${FILES}/${file.id}/download`;
    const request = site.open('GET', path).end();
    const [response] = await once(request, 'response');
    const hash = createHash('sha256');
    for await (const chunk of response) hash.update(chunk);
    assert.equal(hash.digest('hex'), sha256);
    const part = await site.ask('GET', path, { range: `bytes=${sizeBytes - 1000}-` });
    assert.equal(part.status, 206);
    assert.equal(part.body.length, 1000);
    assert.equal(
      part.headers['content-range'],
      `bytes ${sizeBytes - 1000}-${sizeBytes - 1}/${sizeBytes}`,
    );
    const same = await site.ask('GET', path, { 'if-none-match': part.headers.etag });
    assert.equal(same.status, 304);
    assert.equal((await site.ask('GET', path, { range: `bytes=${sizeBytes}-` })).status, 416);
    await remove(site, file);
  },
  'a sign-out, which ends the sockets of its session': async (site) => {
    const { cookie } = site;
    const socket = site.socket(METRICS_SOCKET);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await site.signOut();
    assert.equal((await closed)[0], 4401);
    assert.equal((await site.ask('GET', '/api/v1/me', { cookie })).status, 401);
  },
};

let failed = 0;
for (const address of process.argv.slice(2)) {
  const site = new Site(address);
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      await check(site);
      process.stdout.write(`ok      ${site.origin}: ${name}\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`FAILED  ${site.origin}: ${name}\n${error.stack}\n`);
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1;

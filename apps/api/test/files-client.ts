import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';

import {
  type FileMetadata,
  fileMetadataSchema,
  type HomeServerEvent,
  type Problem,
  problemSchema,
} from '@homeserver/dto';

import type * as z from 'zod';

import type { TestApp } from './test-app';

/** What a test uploads. */
export interface TestUpload {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly tags?: readonly string[];
  readonly query?: string;
  readonly conflict?: string;
}

export function uploadForm({
  name,
  content = 'content',
  tags = [],
  conflict,
}: TestUpload): FormData {
  const form = new FormData();
  for (const tag of tags) form.append('tags', tag);
  if (conflict !== undefined) form.append('conflict', conflict);
  form.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
  return form;
}

export async function postUpload(server: TestApp, upload: TestUpload): Promise<Response> {
  return fetch(`${server.url}/api/v1/files/upload${upload.query ?? ''}`, {
    method: 'POST',
    body: uploadForm(upload),
  });
}

/** Sends an upload that does not say how long it is, and more of it until the answer comes. */
export async function postEndlessly(
  server: TestApp,
): Promise<{ problem: Problem; sentBytes: number }> {
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    let isAnswered = false;
    const call = request(`${server.url}/api/v1/files/upload`, {
      method: 'POST',
      headers: {
        'Content-Type': 'multipart/form-data; boundary=x',
        'Transfer-Encoding': 'chunked',
      },
    });
    call.on('response', (response) => {
      isAnswered = true;
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      response.on('end', () => {
        call.destroy();
        resolve({ problem: problemSchema.parse(JSON.parse(text)), sentBytes });
      });
    });
    call.on('error', (error) => (isAnswered ? undefined : reject(error)));
    call.write(
      '--x\r\nContent-Disposition: form-data; name="file"; filename="endless.bin"\r\n\r\n',
    );
    const chunk = Buffer.alloc(256 * 1024);
    const send = () => {
      if (isAnswered) return;
      sentBytes += chunk.length;
      call.write(chunk, send);
    };
    send();
  });
}

export async function upload(server: TestApp, what: TestUpload): Promise<FileMetadata> {
  const response = await postUpload(server, what);
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return fileMetadataSchema.parse(await response.json());
}

/** The names of the files that events are about, in their order; other events are left out. */
export function filenamesOf(events: readonly HomeServerEvent[]): string[] {
  return events.flatMap(({ data }) => ('file' in data ? [data.file.filename] : []));
}

/** What a GET answers, by the schema that it must have. */
export async function read<Schema extends z.ZodType>(
  server: { readonly url: string; readonly token?: string },
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const headers: Record<string, string> =
    server.token === undefined ? {} : { Authorization: `Bearer ${server.token}` };
  return schema.parse(await (await fetch(server.url + path, { headers })).json());
}

/** A body of multipart/form-data as no browser would send it. */
export interface RawPart {
  readonly disposition: string | Buffer;
  readonly content: string | Buffer;
}

const BOUNDARY = 'a-boundary-of-the-tests';

export async function postParts(
  server: TestApp,
  parts: readonly RawPart[],
  query = '',
): Promise<Response> {
  const body = parts.flatMap(({ disposition, content }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; `,
    disposition,
    '\r\n\r\n',
    content,
    '\r\n',
  ]);
  return fetch(`${server.url}/api/v1/files/upload${query}`, {
    method: 'POST',
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([...body, `--${BOUNDARY}--\r\n`].map((part) => Buffer.from(part))),
  });
}

/** Sends the beginning of an upload that announces more, then cuts the connection. */
export async function postCutUpload(
  server: TestApp,
  name: string,
  sentBytes: number,
): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const beginning = [
    'POST /api/v1/files/upload HTTP/1.1',
    `Host: ${hostname}:${port}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${sentBytes * 4}`,
    '',
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; name="file"; filename="${name}"`,
    '',
    'x'.repeat(sentBytes),
  ].join('\r\n');
  await new Promise((resolve) => socket.write(beginning, resolve));
  socket.destroy();
}

/** Sends the whole form, and is gone before it could be answered. */
export async function postAndLeave(server: TestApp, name: string, bytes: number): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  const form = `${head}${'x'.repeat(bytes)}\r\n--${BOUNDARY}--\r\n`;
  const request = [
    'POST /api/v1/files/upload HTTP/1.1',
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${server.token}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${form.length}`,
    '',
    form,
  ].join('\r\n');
  await new Promise((resolve) => socket.write(request, resolve));
  socket.resetAndDestroy();
}

export async function readProblem(response: Response): Promise<Problem> {
  if (response.headers.get('content-type') !== 'application/problem+json; charset=utf-8') {
    throw new Error(`Not a problem: ${response.status} ${await response.text()}`);
  }
  return problemSchema.parse(await response.json());
}

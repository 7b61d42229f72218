import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { TestApp } from './test-app';

export const PART_TYPE = 'application/offset+octet-stream';
const ENDPOINT = '/api/v1/uploads';

/** The values of Upload-Metadata, as they are before they are encoded. */
export type Metadata = Readonly<Record<string, string>>;

export function encodeMetadata(metadata: Metadata): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** A call of the protocol, with nothing but what it needs. */
export async function callTus(
  server: TestApp,
  method: string,
  path = '',
  { headers = {}, body }: { headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<Response> {
  const url = path.startsWith('/') ? `${server.url}${path}` : `${server.url}${ENDPOINT}${path}`;
  return fetch(url, {
    method,
    headers: { 'Tus-Resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
  });
}

/** Begins an upload. @param body comes with the creation */
export async function postCreation(
  server: TestApp,
  length: number | string,
  metadata: Metadata,
  body?: Buffer | string,
): Promise<Response> {
  return callTus(server, 'POST', '', {
    headers: {
      'Upload-Length': String(length),
      'Upload-Metadata': encodeMetadata(metadata),
      ...(body === undefined ? {} : { 'Content-Type': PART_TYPE }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** @returns the path of the upload */
export async function create(server: TestApp, length: number, metadata: Metadata): Promise<string> {
  const response = await postCreation(server, length, metadata);
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return response.headers.get('location') ?? '';
}

export async function patch(
  server: TestApp,
  path: string,
  offset: number | string,
  part: Buffer | string | { body: Buffer | string; headers: Record<string, string> },
): Promise<Response> {
  const { body, headers } =
    typeof part === 'string' || Buffer.isBuffer(part) ? { body: part, headers: {} } : part;
  return callTus(server, 'PATCH', path, {
    headers: { 'Content-Type': PART_TYPE, 'Upload-Offset': String(offset), ...headers },
    body,
  });
}

export async function head(server: TestApp, path: string): Promise<Response> {
  return callTus(server, 'HEAD', path);
}

export async function offsetOf(server: TestApp, path: string): Promise<number> {
  const response = await head(server, path);
  if (response.status !== 200) throw new Error(`HEAD was answered ${response.status}`);
  return Number(response.headers.get('upload-offset'));
}

/** Begins a PATCH that announces more than it sends, and stops sending. */
export async function beginPatch(
  server: TestApp,
  path: string,
  part: { offset: number; announced: number; sent: Buffer; headers?: Record<string, string> },
): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const beginning = [
    `PATCH ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Tus-Resumable: 1.0.0',
    `Content-Type: ${PART_TYPE}`,
    `Upload-Offset: ${part.offset}`,
    `Content-Length: ${part.announced}`,
    ...Object.entries(part.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
  socket.write(beginning);
  await new Promise((resolve) => socket.write(part.sent, resolve));
  return socket;
}

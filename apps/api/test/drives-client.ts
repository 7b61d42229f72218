import {
  type Drive,
  drivePageSchema,
  driveSchema,
  type NewDrive,
  type PatchDrive,
} from '@homeserver/dto';

import type { TestApp } from './test-app';

/** Adds a folder as a drive. */
export async function postDrive(server: TestApp, drive: Partial<NewDrive>): Promise<Response> {
  return send(`${server.url}/api/v1/drives`, 'POST', drive);
}

export async function addDrive(server: TestApp, drive: Partial<NewDrive>): Promise<Drive> {
  const response = await postDrive(server, drive);
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return driveSchema.parse(await response.json());
}

export async function patchDrive(
  server: TestApp,
  id: string,
  patch: PatchDrive,
): Promise<Response> {
  return send(`${server.url}/api/v1/drives/${id}`, 'PATCH', patch);
}

export async function deleteDrive(server: TestApp, id: string): Promise<Response> {
  return fetch(`${server.url}/api/v1/drives/${id}`, { method: 'DELETE' });
}

/** As administrators see all drives. */
export async function readDrives(server: TestApp): Promise<Drive[]> {
  const response = await fetch(`${server.url}/api/v1/drives?all=1`);
  return drivePageSchema.parse(await response.json()).items;
}

export async function readDrive(server: TestApp, id: string): Promise<Drive> {
  const drive = (await readDrives(server)).find((candidate) => candidate.id === id);
  if (drive === undefined) throw new Error('There is no such drive.');
  return drive;
}

async function send(url: string, method: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

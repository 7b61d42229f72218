import { rename } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startTestApp, type TestApp } from '../../test/test-app';

describe('health', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  it('should be ready when the database and the default drive are there', async () => {
    const response = await fetch(`${server.url}/health/ready`);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ok',
      database: 'up',
      drives: [{ state: 'online' }],
    });
  });

  it('should be unavailable, but alive, when the default drive is away', async () => {
    await rename(server.filesFolder, `${server.filesFolder}-away`);
    try {
      const ready = await fetch(`${server.url}/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({
        status: 'unavailable',
        drives: [{ state: 'offline' }],
      });
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    } finally {
      await rename(`${server.filesFolder}-away`, server.filesFolder);
    }
  });
});

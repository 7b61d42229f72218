import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { createDocuments } from './create-documents';
import { readConfig } from './platform/config/config';

const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..');

describe('the documents of the API', () => {
  const committed = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(repositoryRoot, 'docs', name), 'utf8'));

  it('should be the committed ones when nothing was changed, or the change was meant: npm run docs:export', async () => {
    const { openApi, asyncApi } = await createDocuments(readConfig({}, repositoryRoot));

    expect(JSON.parse(JSON.stringify(openApi))).toEqual(await committed('openapi.json'));
    expect(JSON.parse(JSON.stringify(asyncApi))).toEqual(await committed('asyncapi.json'));
  });
});

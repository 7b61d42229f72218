import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';

import { createDocuments } from './create-documents';
import { readConfig } from './platform/config/config';

const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..');

/** Beyond what is recommended: every group of calls is explained, every refusal is a problem. */
const OWN_RULES = {
  'operation-tag-defined': 'error',
  'operation-4xx-problem-details-rfc7807': 'error',
  // Some only lead on, by 302; that a call answers anything else than problems, the one below sees to.
  'operation-2xx-response': 'off',
  'rule/operation-success': {
    subject: { type: 'Responses' },
    assertions: { requireAny: ['200', '201', '202', '204', '302'] },
  },
} as const;

describe('the documents of the API', () => {
  let made: Record<'openapi.json' | 'asyncapi.json', unknown>;

  beforeAll(async () => {
    const { openApi, asyncApi } = await createDocuments(readConfig({}, repositoryRoot));
    made = { 'openapi.json': openApi, 'asyncapi.json': asyncApi };
  });

  const committed = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(repositoryRoot, 'docs', name), 'utf8'));

  it('should be the committed ones when nothing was changed, or the change was meant: npm run docs:export', async () => {
    for (const [name, document] of Object.entries(made))
      expect(JSON.parse(JSON.stringify(document))).toEqual(await committed(name));
  });

  it.each(['openapi.json', 'asyncapi.json'] as const)(
    'should give the linter nothing to find when it reads %s',
    async (name) => {
      const config = await createConfig({ extends: ['recommended-strict'], rules: OWN_RULES });
      const problems = await lintFromString({
        source: JSON.stringify(made[name]),
        absoluteRef: name,
        config,
      });

      expect(
        problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
      ).toEqual([]);
    },
  );
});

import 'reflect-metadata';

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { createDocuments } from './create-documents';
import { readConfig } from './platform/config/config';

const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..');
const folder = path.join(repositoryRoot, 'docs');

const { openApi, asyncApi } = await createDocuments(readConfig({}, repositoryRoot));
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, 'openapi.json'), `${JSON.stringify(openApi, null, 2)}\n`);
await writeFile(path.join(folder, 'asyncapi.json'), `${JSON.stringify(asyncApi, null, 2)}\n`);

import path from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';

const root = path.resolve(import.meta.dirname, '..', '..');

/** Real files, whose text is replaced: rules that look at types know only files of a project. */
const SERVICE = 'apps/api/src/drives/drives.service.ts';
const CONTROLLER = 'apps/api/src/drives/drives.controller.ts';
const REPOSITORY = 'apps/api/src/drives/drives.repository.ts';
const ADAPTER = 'apps/api/src/drives/drive-marker.adapter.ts';
const ENTITY = 'apps/api/src/drives/drive.entity.ts';
const FILES_MODULE = 'apps/api/src/files/files.module.ts';
const PLATFORM = 'apps/api/src/platform/http/problem.ts';
const STORE = 'apps/web/src/app/core/theme-store.ts';
const HTTP_API = 'apps/web/src/app/core/drives-api.ts';
const DTO = 'libs/dto/src/names.ts';

describe('the lint rules of the house', () => {
  let eslint;

  beforeAll(() => {
    eslint = new ESLint({ cwd: root });
  });

  const findings = async (file, text) => {
    const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
    return result.messages.map(({ ruleId, message }) => ruleId ?? message);
  };

  it.each([
    [
      'typeorm in a service',
      SERVICE,
      "import { DataSource } from 'typeorm';\nexport { DataSource };",
      'homeserver/layers',
    ],
    [
      'typeorm in a controller',
      CONTROLLER,
      "export { DataSource } from 'typeorm';",
      'homeserver/layers',
    ],
    [
      'the file system in a service',
      SERVICE,
      "export * from 'node:fs/promises';",
      'homeserver/layers',
    ],
    ['the file system in a repository', REPOSITORY, "export * from 'fs';", 'homeserver/layers'],
    [
      'a process in a service',
      SERVICE,
      "export { spawn } from 'node:child_process';",
      'homeserver/layers',
    ],
    [
      'the file system, loaded later, in a service',
      SERVICE,
      "export const load = () => import('node:fs');",
      'homeserver/layers',
    ],
    [
      'systeminformation in a service',
      SERVICE,
      "export * from 'systeminformation';",
      'homeserver/layers',
    ],
    [
      'a repository in a controller',
      CONTROLLER,
      "export { DrivesRepository } from './drives.repository';",
      'homeserver/layers',
    ],
    [
      'an adapter in a controller',
      CONTROLLER,
      "export { readMarker } from './drive-marker.adapter';",
      'homeserver/layers',
    ],
    [
      'an entity in a service',
      SERVICE,
      "export { DriveEntity } from './drive.entity';",
      'homeserver/layers',
    ],
    [
      'a service in a repository',
      REPOSITORY,
      "export { DrivesService } from './drives.service';",
      'homeserver/layers',
    ],
    [
      'a service in an adapter',
      ADAPTER,
      "export type { DrivesService } from './drives.service';",
      'homeserver/layers',
    ],
    [
      'an HttpException in a service',
      SERVICE,
      "export { NotFoundException } from '@nestjs/common';",
      'homeserver/layers',
    ],
    [
      'forwardRef',
      'apps/api/src/drives/drives.module.ts',
      "export { forwardRef } from '@nestjs/common';",
      'homeserver/layers',
    ],
    [
      'HttpClient outside of *-api.ts',
      STORE,
      "export { HttpClient } from '@angular/common/http';",
      'homeserver/layers',
    ],
    ['a domain above', SERVICE, "export { FilesModule } from '../files';", 'homeserver/domains'],
    [
      'a domain from the platform',
      PLATFORM,
      "export { DrivesModule } from '../../drives';",
      'homeserver/domains',
    ],
    [
      'a domain past its index.ts',
      FILES_MODULE,
      "export { DrivesService } from '../drives/drives.service';",
      'homeserver/domains',
    ],
    [
      'an import that comes back',
      SERVICE,
      "export { DrivesController } from './drives.controller';",
      'homeserver/no-import-cycles',
    ],
    [
      'zod without its namespace',
      DTO,
      "import { z } from 'zod';\nexport const schema = z.string();",
      'no-restricted-syntax',
    ],
    [
      'five parameters',
      DTO,
      'export function f(a: number, b: number, c: number, d: number, e: number) { return a + b + c + d + e; }',
      'no-restricted-syntax',
    ],
    [
      'a catch in a controller',
      CONTROLLER,
      'export function f(): void { try { f(); } catch { f(); } }',
      'no-restricted-syntax',
    ],
    ['any', DTO, 'export const value: any = 1;', '@typescript-eslint/no-explicit-any'],
    [
      'a non-null assertion',
      DTO,
      'export const first = (list: string[]): string => list[0]!;',
      '@typescript-eslint/no-non-null-assertion',
    ],
    [
      'an unchecked assertion',
      DTO,
      'export const text = (value: unknown): string => value as string;',
      '@typescript-eslint/consistent-type-assertions',
    ],
    [
      'a promise that nobody waits for',
      SERVICE,
      'export function f(): void { Promise.resolve(); }',
      '@typescript-eslint/no-floating-promises',
    ],
    [
      'the API in the library of the contract',
      DTO,
      "export { uuid7 } from '../../../apps/api/src/platform/database/uuid7';",
      '@nx/enforce-module-boundaries',
    ],
    [
      'the API in the web app',
      STORE,
      "export { uuid7 } from '../../../../api/src/platform/database/uuid7';",
      '@nx/enforce-module-boundaries',
    ],
  ])('should refuse %s', async (_what, file, text, rule) => {
    expect(await findings(file, text)).toContain(rule);
  });

  it.each([
    [
      'the type EntityManager in a service',
      SERVICE,
      "export type { EntityManager } from 'typeorm';",
    ],
    ['typeorm in a repository', REPOSITORY, "export { DataSource } from 'typeorm';"],
    ['the file system in an adapter', ADAPTER, "export { readFile } from 'node:fs/promises';"],
    ['definite fields in an entity', ENTITY, 'export class DriveEntity {\n  id!: string;\n}'],
    ['a domain below, by its index.ts', FILES_MODULE, "export { DrivesModule } from '../drives';"],
    [
      'the platform from everywhere',
      FILES_MODULE,
      "export { uuid7 } from '../platform/database/uuid7';",
    ],
    ['types that go around', SERVICE, "export type { DrivesModule } from './drives.module';"],
    ['as const', DTO, "export const PLACES = ['a', 'b'] as const;"],
    ['HttpClient in *-api.ts', HTTP_API, "export { HttpClient } from '@angular/common/http';"],
    ['zod by its namespace', DTO, "import * as z from 'zod';\nexport const schema = z.string();"],
  ])('should allow %s', async (_what, file, text) => {
    expect(await findings(file, `${text}\n`)).toEqual([]);
  });
});

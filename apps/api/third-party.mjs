import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/**
 * The packages that built programs load from node_modules, sorted.
 * @param metafile as esbuild has it
 */
export function packagesOutside({ outputs }) {
  const names = Object.values(outputs)
    .flatMap(({ imports }) => imports)
    .filter((imported) => imported.external && !isBuiltin(imported.path))
    .map((imported) => /^(@[^/]+\/)?[^/]+/.exec(imported.path)[0]);
  return [...new Set(names)].sort();
}

/** The folders of the packages whose code is in a bundle, sorted; each copy of a package is one. */
export function packagesInside({ inputs }) {
  const folders = Object.keys(inputs)
    .map((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** What the licences of packages ask for: their words go where the code goes. @param folders of the packages */
export async function licencesOf(folders) {
  const texts = await Promise.all(folders.map(licenceOf));
  return [...new Set(texts)].sort().join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenceOf(folder) {
  const manifest = await readFile(path.join(folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(manifest);
  const files = (await readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isFile() && LICENCE_FILE.test(entry.name),
  );
  const texts = await Promise.all(
    files.map((entry) => readFile(path.join(folder, entry.name), 'utf8')),
  );
  return [`${name} ${version} (${license ?? 'see below'})\n`, ...texts].join('\n');
}

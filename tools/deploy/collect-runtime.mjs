/**
 * Copies the packages that a built program loads, and what these need in turn, out of node_modules:
 * `node tools/deploy/collect-runtime.mjs dist/apps/api runtime` makes runtime/node_modules. What only
 * builds the product stays behind, and so does the embedded PostgreSQL, which is asked for at run time
 * alone.
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * All that packages need at run time: dependencies, and peers and options where they are installed.
 * @param {Record<string, object>} packages as in package-lock.json, by place
 * @param {string[]} names of packages at the root
 * @returns {string[]} places such as `node_modules/express`, sorted
 */
export function closureOf(packages, names) {
  const places = new Set();
  const visit = (from, name, isNeeded) => {
    const place = placeOf(packages, from, name);
    if (place === null) {
      if (isNeeded) throw new Error(`${name} is not in package-lock.json.`);
      return;
    }
    if (places.has(place)) return;
    places.add(place);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[place];
    for (const dependency of Object.keys(dependencies ?? {})) visit(place, dependency, true);
    for (const dependency of Object.keys(optionalDependencies ?? {}))
      visit(place, dependency, false);
    for (const peer of Object.keys(peerDependencies ?? {}))
      if (peerDependenciesMeta?.[peer]?.optional !== true) visit(place, peer, true);
  };
  for (const name of names) visit('', name, true);
  return [...places].sort();
}

/** Where Node.js finds a package that is asked for by the one at `from`: as deep as it can be. */
function placeOf(packages, from, name) {
  for (let folder = from; folder !== ''; folder = packageAround(folder)) {
    const place = `${folder}/node_modules/${name}`;
    if (packages[place] !== undefined) return place;
  }
  const place = `node_modules/${name}`;
  return packages[place] === undefined ? null : place;
}

/** The package whose own node_modules a package lies in; empty for one at the root. */
function packageAround(place) {
  return place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')));
}

function collect(root, programFolder, target) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const imported = JSON.parse(
    readFileSync(path.join(root, programFolder, 'packages.json'), 'utf8'),
  );
  // Options for other machines are in the lock file, but not installed.
  const places = closureOf(packages, imported).filter((place) =>
    existsSync(path.join(root, place)),
  );
  mkdirSync(path.join(root, target), { recursive: true });
  for (const place of places) {
    cpSync(path.join(root, place), path.join(root, target, place), {
      recursive: true,
      // What lies deeper is in the list by itself, where it is needed.
      filter: (source) => path.basename(source) !== 'node_modules',
    });
  }
  process.stdout.write(
    `${places.length} packages for the ${imported.length} that are not bundled\n`,
  );
}

if (process.argv[1] === import.meta.filename) {
  const [programFolder, target] = process.argv.slice(2);
  collect(path.resolve(import.meta.dirname, '..', '..'), programFolder, target);
}

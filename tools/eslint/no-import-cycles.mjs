import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { forEachImport } from './imports.mjs';

/** `import … from './x'` and `export … from './x'`, with what stands between. */
const IMPORTED = /^\s*(?:import|export)\s(?!type\b)([^;]*?)\sfrom\s+'(\.[^']*)'/gm;
const SIDE_EFFECT = /^\s*import\s+'(\.[^']*)'/gm;

/** What each file imports, for one run of ESLint: files do not change meanwhile. */
const known = new Map();

/**
 * No file imports itself by way of others: such modules see each other half made, and cannot be
 * understood or taken apart one by one. Types alone may go around. Lazy routes may too: what is
 * loaded later waits for nobody.
 * @type {import('eslint').Rule.RuleModule}
 */
export const noImportCycles = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { cycle: 'This import comes back here: {{ way }}.' },
  },
  create(context) {
    return forEachImport(({ node, source, isTypeOnly }) => {
      if (isTypeOnly || !source.startsWith('.') || node.type === 'ImportExpression') return;
      const target = resolve(context.filename, source);
      if (target === null) return;
      const way = wayFrom(target, context.filename, new Set());
      if (way === null) return;
      const names = [context.filename, ...way].map((file) => path.relative(context.cwd, file));
      context.report({ node, messageId: 'cycle', data: { way: names.join(' → ') } });
    });
  },
};

/** The files by which one reaches another; null when it does not. */
function wayFrom(file, goal, visited) {
  if (file === goal) return [file];
  if (visited.has(file)) return null;
  visited.add(file);
  for (const next of importsOf(file)) {
    const rest = wayFrom(next, goal, visited);
    if (rest !== null) return [file, ...rest];
  }
  return null;
}

function importsOf(file) {
  const before = known.get(file);
  if (before !== undefined) return before;
  const text = readFileSync(file, 'utf8');
  const sources = [
    ...[...text.matchAll(IMPORTED)]
      .filter(([, names]) => !areTypes(names))
      .map(([, , source]) => source),
    ...[...text.matchAll(SIDE_EFFECT)].map(([, source]) => source),
  ];
  const files = sources.map((source) => resolve(file, source)).filter((target) => target !== null);
  known.set(file, files);
  return files;
}

function areTypes(names) {
  const listed = /^\{(.*)\}$/s.exec(names.trim())?.[1];
  return (
    listed !== undefined &&
    listed.split(',').every((name) => name.trim() === '' || /^type\s/.test(name.trim()))
  );
}

function resolve(from, source) {
  const place = path.resolve(path.dirname(from), source);
  const candidates = [place, `${place}.ts`, path.join(place, 'index.ts')];
  return (
    candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile()) ?? null
  );
}

import path from 'node:path';

/**
 * @typedef {object} Import one import, or export from elsewhere, of a file
 * @property {import('estree').Node} node
 * @property {string} source as it is written
 * @property {string[]} names what is taken from there; empty for all of it
 * @property {boolean} isTypeOnly it leaves no trace in the program
 */

/**
 * The part of a rule that sees every import of a file, in whatever form it is written.
 * @param {(found: Import) => void} visit
 */
export function forEachImport(visit) {
  const visitStatement = (node) => {
    if (node.source === null || node.source === undefined) return;
    const specifiers = node.specifiers ?? [];
    visit({
      node,
      source: String(node.source.value),
      names: specifiers.map(nameOf).filter((name) => name !== null),
      isTypeOnly: isTypeOnly(node, specifiers),
    });
  };
  return {
    ImportDeclaration: visitStatement,
    ExportNamedDeclaration: visitStatement,
    ExportAllDeclaration: visitStatement,
    ImportExpression: (node) => {
      if (node.source.type !== 'Literal') return;
      visit({ node, source: String(node.source.value), names: [], isTypeOnly: false });
    },
  };
}

function isTypeOnly(node, specifiers) {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  return (
    specifiers.length > 0 &&
    specifiers.every(({ importKind, exportKind }) => [importKind, exportKind].includes('type'))
  );
}

function nameOf(specifier) {
  if (specifier.type === 'ImportSpecifier')
    return specifier.imported.name ?? specifier.imported.value;
  if (specifier.type === 'ExportSpecifier') return specifier.local.name ?? specifier.local.value;
  return null;
}

/** The place of a file below `root`, with slashes; null when it lies elsewhere. */
export function placeBelow(root, file) {
  const place = path.relative(root, file).split(path.sep).join('/');
  return place.startsWith('..') || path.isAbsolute(place) ? null : place;
}

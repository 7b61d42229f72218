import path from 'node:path';

import { forEachImport, placeBelow } from './imports.mjs';

/**
 * A folder directly below `root` is a domain. `mayImport` says which domains each stands on; a domain
 * is entered through its index.ts alone, but for those in `open`. Files directly in `root` put the
 * domains together and may import them all.
 * @type {import('eslint').Rule.RuleModule}
 */
export const domains = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        required: ['root', 'mayImport'],
        additionalProperties: false,
        properties: {
          root: { type: 'string' },
          mayImport: {
            type: 'object',
            additionalProperties: { type: 'array', items: { type: 'string' } },
          },
          open: { type: 'array', items: { type: 'string' } },
        },
      },
    ],
    messages: {
      unknown: 'The domain “{{ own }}” is not in the list of domains of eslint.config.mjs.',
      order:
        '“{{ own }}” does not stand on “{{ other }}”. Domains below react to events, they do not call back.',
      door: '“{{ other }}” is entered only through its index.ts.',
    },
  },
  create(context) {
    const { root, mayImport, open = [] } = context.options[0];
    const rootFolder = path.resolve(context.cwd, root);
    const place = placeBelow(rootFolder, context.filename);
    if (place === null) return {};
    const own = place.includes('/') ? place.split('/')[0] : null;
    return forEachImport(({ node, source }) => {
      if (!source.startsWith('.')) return;
      const target = placeBelow(rootFolder, path.resolve(path.dirname(context.filename), source));
      if (target === null || target === '') return;
      const [other, ...rest] = target.split('/');
      if (mayImport[other] === undefined || other === own) return;
      const report = (messageId) => context.report({ node, messageId, data: { own, other } });
      if (own !== null && mayImport[own] === undefined) report('unknown');
      else if (own !== null && !mayImport[own].includes(other)) report('order');
      else if (!open.includes(other) && !['', 'index'].includes(rest.join('/'))) report('door');
    });
  },
};

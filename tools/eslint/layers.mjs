import path from 'node:path';

import { forEachImport, placeBelow } from './imports.mjs';

/**
 * What each kind of file may use. Each entry of `layers` is about some `modules` (and, where `names`
 * is given, only about these names of them); they may be used `onlyIn`, or not in `never`, files whose
 * place below `root` matches. `exceptTypes` are names that may be imported anywhere as types.
 * @type {import('eslint').Rule.RuleModule}
 */
export const layers = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        required: ['root', 'layers'],
        additionalProperties: false,
        properties: {
          root: { type: 'string' },
          layers: {
            type: 'array',
            items: {
              type: 'object',
              required: ['modules', 'because'],
              additionalProperties: false,
              properties: {
                modules: { type: 'string', description: 'a regular expression' },
                names: { type: 'string', description: 'a regular expression' },
                onlyIn: { type: 'string', description: 'a regular expression' },
                never: { type: 'string', description: 'a regular expression' },
                exceptTypes: { type: 'array', items: { type: 'string' } },
                because: { type: 'string' },
              },
            },
          },
        },
      },
    ],
    messages: { forbidden: '{{ what }} may not be used here: {{ because }}' },
  },
  create(context) {
    const { root, layers: rules } = context.options[0];
    const place = placeBelow(path.resolve(context.cwd, root), context.filename);
    if (place === null) return {};
    const inForce = rules.filter(
      ({ onlyIn, never }) =>
        (onlyIn !== undefined && !new RegExp(onlyIn).test(place)) ||
        (never !== undefined && new RegExp(never).test(place)),
    );
    return forEachImport((found) => {
      for (const rule of inForce) {
        if (!isAbout(rule, found)) continue;
        const what = rule.names === undefined ? found.source : found.names.join(', ');
        context.report({
          node: found.node,
          messageId: 'forbidden',
          data: { what, because: rule.because },
        });
      }
    });
  },
};

function isAbout(rule, { source, names, isTypeOnly }) {
  if (!new RegExp(rule.modules).test(source)) return false;
  if (rule.names !== undefined && !names.some((name) => new RegExp(rule.names).test(name)))
    return false;
  const isExcepted =
    isTypeOnly && names.length > 0 && names.every((name) => rule.exceptTypes?.includes(name));
  return !isExcepted;
}

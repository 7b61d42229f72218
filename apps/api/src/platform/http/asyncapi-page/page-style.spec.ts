import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { PAGE_STYLE } from './page-style';

const TOKENS = path.resolve(import.meta.dirname, '../../../../../web/src/styles/tokens.scss');

/** The custom properties of one block, by name. */
function tokensOf(block: string | undefined): Record<string, string> {
  const pairs = [...(block ?? '').matchAll(/(--[\w-]+): ([^;]+);/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}

describe('the style of the page about the sockets', () => {
  let tokens: string;

  beforeAll(async () => {
    tokens = await readFile(TOKENS, 'utf8');
  });

  it.each([
    ['dark', /:root \{([^}]+)\}/],
    ['light', /prefers-color-scheme: light\) \{\s*:root \{([^}]+)\}/],
  ])('should have the colours of the web app when the theme is %s', (theme, block) => {
    const own = tokensOf(block.exec(PAGE_STYLE)?.[1]);
    const ofApp = tokensOf(new RegExp(`@mixin ${theme} \\{([^}]+)\\}`).exec(tokens)?.[1]);

    expect(Object.keys(own).length).toBeGreaterThan(5);
    expect(ofApp).toMatchObject(own);
  });

  it('should name no colour beside them', () => {
    const rules = PAGE_STYLE.replace(/--[\w-]+: [^;]+;/g, '');
    expect(rules).not.toMatch(/#[0-9a-f]{3,8}\b|rgb|hsl/i);
  });

  it('should define every token that it uses', () => {
    const defined = new Set(Object.keys(tokensOf(PAGE_STYLE)));
    const used = [...PAGE_STYLE.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name ?? '');
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
  });
});

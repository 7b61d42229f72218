/**
 * Draws the icons that icons.json names out of the Material Symbols font, at the weight and size that
 * they are shown in: the whole font is megabytes, these are a few kilobytes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import * as harfbuzz from 'harfbuzzjs';
import { decompress } from 'wawoff2';

const VARIATION = { wght: 350, FILL: 0, GRAD: 0, opsz: 20 };

const here = import.meta.dirname;
const fontFile = createRequire(import.meta.url).resolve('material-symbols/material-symbols-rounded.woff2');
const names = JSON.parse(await readFile(path.join(here, 'icons.json'), 'utf8'));

const font = new harfbuzz.Font(new harfbuzz.Face(new harfbuzz.Blob(await decompress(await readFile(fontFile)))));
font.setVariations(Object.entries(VARIATION).map(([tag, value]) => new harfbuzz.Variation(tag, value)));

/** The font's y axis points up, that of SVG down. */
function flip(outline) {
  return outline.replace(/(-?[\d.]+),(-?[\d.]+)/g, (_, x, y) => `${Math.round(x)},${-Math.round(y) || 0}`);
}

function outlineOf(symbol) {
  const buffer = new harfbuzz.Buffer();
  buffer.addText(symbol);
  buffer.guessSegmentProperties();
  harfbuzz.shape(font, buffer);
  const glyphs = buffer.getGlyphInfos();
  if (glyphs.length !== 1) throw new Error(`The font has no symbol “${symbol}”.`);
  return flip(font.glyphToPath(glyphs[0].codepoint));
}

const paths = Object.fromEntries(Object.entries(names).map(([name, symbol]) => [name, outlineOf(symbol)]));
await writeFile(
  path.join(here, 'src', 'icon', 'icon-paths.generated.ts'),
  [
    '/** Made by generate-icons.mjs from icons.json. In the coordinates of viewBox="0 -960 960 960". */',
    `export const ICON_PATHS = ${JSON.stringify(paths, null, 2)} as const;`,
    '',
  ].join('\n'),
);

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
const fontFile = createRequire(import.meta.url).resolve(
  'material-symbols/material-symbols-rounded.woff2',
);
const names = JSON.parse(await readFile(path.join(here, 'icons.json'), 'utf8'));

const font = new harfbuzz.Font(
  new harfbuzz.Face(new harfbuzz.Blob(await decompress(await readFile(fontFile)))),
);
font.setVariations(
  Object.entries(VARIATION).map(([tag, value]) => new harfbuzz.Variation(tag, value)),
);

/** Two units of the font make one of ours: still a twentieth of a pixel at the size that icons have. */
const UNITS = 2;

/**
 * The outline in whole units and relative steps, which take half of the bytes. Steps are counted between
 * rounded points, so that no error adds up. The font's y axis points up, that of SVG down.
 */
function compact(outline) {
  const parts = outline.matchAll(/([MLQZ])([^MLQZ]*)/g);
  let [x, y] = [0, 0];
  let path = '';
  for (const [, command, text] of parts) {
    const numbers = text.match(/-?[\d.]+/g) ?? [];
    const points = numbers.map((number, index) =>
      Math.round((index % 2 === 0 ? 1 : -1) * (Number(number) / UNITS)),
    );
    const steps = points.map((value, index) => value - (index % 2 === 0 ? x : y));
    // Each outline begins at an absolute point, so where the one before has ended does not matter.
    path += command === 'M' ? `M${join(points)}` : stepOf(command, steps);
    if (points.length > 0) [x, y] = points.slice(-2);
  }
  return path;
}

function stepOf(command, steps) {
  const [across, down] = steps;
  if (command === 'L' && across === 0 && down === 0) return '';
  if (command === 'L' && across === 0) return `v${down}`;
  if (command === 'L' && down === 0) return `h${across}`;
  return `${command.toLowerCase()}${join(steps)}`;
}

/** A minus sign parts two numbers as well as a space does. */
function join(numbers) {
  return numbers.join(' ').replaceAll(' -', '-');
}

function outlineOf(symbol) {
  const buffer = new harfbuzz.Buffer();
  buffer.addText(symbol);
  buffer.guessSegmentProperties();
  harfbuzz.shape(font, buffer);
  const glyphs = buffer.getGlyphInfos();
  if (glyphs.length !== 1) throw new Error(`The font has no symbol “${symbol}”.`);
  return compact(font.glyphToPath(glyphs[0].codepoint));
}

const paths = Object.fromEntries(
  Object.entries(names).map(([name, symbol]) => [name, outlineOf(symbol)]),
);
await writeFile(
  path.join(here, 'src', 'icon', 'icon-paths.generated.ts'),
  [
    '/** Made by generate-icons.mjs from icons.json. In the coordinates of viewBox="0 -480 480 480". */',
    `export const ICON_PATHS = ${JSON.stringify(paths, null, 2)} as const;`,
    '',
  ].join('\n'),
);

import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

import { runQuietly } from '../launcher/processes.mjs';
import { step } from '../launcher/progress.mjs';

const folder = import.meta.dirname;
const packageFolder = path.join(folder, 'node_modules', '@sparticuz', 'chromium');

/** The package has binaries for this platform alone. */
export const FETCHED_PLATFORM = 'linux-x64';

/**
 * The Chromium that an npm package carries, unpacked beside it, with the shared libraries that it
 * brings for machines that have none of a desktop's.
 * @returns {Promise<import('./find-browser.mjs').Browser>}
 */
export async function fetchBrowser() {
  const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const version = dependencies['@sparticuz/chromium'];
  const unpacked = path.join(folder, 'node_modules', `.chromium-${version}`);
  if (!existsSync(unpacked)) {
    await step({ doing: 'Fetching a browser', done: `Chromium ${version} fetched` }, async () => {
      await install();
      await unpack(unpacked);
    });
  }
  // A machine without a desktop may have no fonts, which Chromium cannot do without.
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: unpacked };
  const libraries = [path.join(unpacked, 'lib'), process.env.LD_LIBRARY_PATH ?? ''].filter(
    (place) => place !== '',
  );
  return {
    executablePath: path.join(unpacked, 'chromium'),
    environment: { LD_LIBRARY_PATH: libraries.join(path.delimiter), ...fonts },
  };
}

async function install() {
  await runQuietly(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    { cwd: folder, env: process.env },
    'npm could not install @sparticuz/chromium',
  );
}

/** Unpacks beside the place and moves it there, so that a half-unpacked browser is never used. */
async function unpack(target) {
  const making = `${target}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  await inflate('chromium.br', path.join(making, 'chromium'), 0o755);
  for (const archive of ['al2023.tar', 'swiftshader.tar', 'fonts.tar']) {
    const tar = path.join(making, archive);
    await inflate(`${archive}.br`, tar, 0o644);
    await runQuietly('tar', ['-xf', tar, '-C', making], {}, `${archive} could not be unpacked`);
    rmSync(tar);
  }
  writeFileSync(path.join(making, 'fonts.conf'), fontConfiguration(target));
  renameSync(making, target);
}

function fontConfiguration(unpacked) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${unpacked}/fonts</dir>
  <cachedir>${unpacked}/fonts-cache</cachedir>
</fontconfig>
`;
}

async function inflate(name, target, mode) {
  await pipeline(
    createReadStream(path.join(packageFolder, 'bin', name)),
    createBrotliDecompress(),
    createWriteStream(target, { mode }),
  );
}

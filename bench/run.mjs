/**
 * The benchmarks: `npm run bench`, or `npm run bench -- upload sockets` for some of them. Each measure runs
 * HomeServer beside its peers, interleaved, five rounds, and judges medians. `--rounds N`, `--size-mib N` and
 * `--files N` make it shorter, for trying; results of such a run are not written.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { randomFillSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { stopAll, versionOf } from './children.mjs';
import { bare } from './contenders/bare.mjs';
import { homeserver } from './contenders/homeserver.mjs';
import { nginx } from './contenders/nginx.mjs';
import { original } from './contenders/original.mjs';
import { archives } from './measures/archives.mjs';
import { idle } from './measures/idle.mjs';
import { index } from './measures/index.mjs';
import { largeDownload, largeUpload } from './measures/large-files.mjs';
import { million } from './measures/million.mjs';
import { pages } from './measures/pages.mjs';
import { recovery } from './measures/recovery.mjs';
import { sample } from './measures/sample.mjs';
import { signIns } from './measures/sign-ins.mjs';
import { smallDownload, smallUpload } from './measures/small-files.mjs';
import { sockets } from './measures/sockets.mjs';
import { start } from './measures/start.mjs';
import { describeSurroundings, judge, tableOf, writeResults } from './report.mjs';

const MEASURES = [
  largeUpload,
  largeDownload,
  smallUpload,
  smallDownload,
  archives,
  pages,
  sockets,
  sample,
  signIns,
  idle,
  start,
  recovery,
  index,
  million,
];
const CONTENDERS = { homeserver, bare, nginx, original };
const ROUNDS = 5;
const SIZE_MIB = 1024;
const MIB = 1024 * 1024;

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string' },
    'size-mib': { type: 'string' },
    files: { type: 'string' },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds ?? ROUNDS);
const sizeMib = Number(values['size-mib'] ?? SIZE_MIB);
/** Of the trees that are indexed; absent, as many as the goals are for. */
const files = values.files === undefined ? undefined : Number(values.files);
const folder = mkdtempSync(path.join(tmpdir(), 'homeserver-bench-'));

function say(text) {
  process.stderr.write(`${text}\n`);
}

async function makeLargeFile() {
  const file = path.join(folder, 'large.bin');
  const stream = createWriteStream(file);
  const block = Buffer.allocUnsafe(MIB);
  for (let written = 0; written < sizeMib; written += 1) {
    randomFillSync(block);
    if (!stream.write(Buffer.from(block))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return file;
}

/** Starts what a measure compares, each in a folder of its own, runs it, and stops them. */
async function runMeasure(measure, shared) {
  const left = [];
  const servers = [];
  const started = [];
  const ownFolder = path.join(folder, measure.name);
  const startOne = async (contender) => {
    const server = await contender.start(path.join(ownFolder, String(started.length)));
    started.push(server);
    return server;
  };
  try {
    for (const contender of measure.contenders(CONTENDERS)) {
      const why = await contender.whyNot();
      if (why === null)
        servers.push({
          name: contender.name,
          contender,
          server: await startOne(contender),
        });
      else left.push({ name: contender.name, why });
    }
    const results = await measure.measure(servers, {
      ...shared,
      folder: ownFolder,
      onProgress: (text) => say(`  ${measure.name}, ${text}`),
      startAnother: startOne,
    });
    return {
      name: measure.name,
      title: measure.title,
      results,
      goals: judge(measure.goals, results),
      left,
    };
  } finally {
    for (const server of started) await server.stop();
    rmSync(ownFolder, { recursive: true, force: true });
  }
}

async function main() {
  const unknown = positionals.filter((name) => !MEASURES.some((measure) => measure.name === name));
  if (unknown.length > 0) {
    say(
      `There is no measure ${unknown.join(', ')}. There are: ${MEASURES.map(({ name }) => name).join(', ')}.`,
    );
    return 2;
  }
  if (process.platform !== 'linux' || (await versionOf('curl')) === null) {
    say('The benchmarks read /proc and drive curl: they run on Linux with curl installed.');
    return 2;
  }
  const surroundings = await describeSurroundings();
  const chosen = MEASURES.filter(
    ({ name, isLong }) =>
      positionals.includes(name) || (positionals.length === 0 && isLong !== true),
  );
  const needsLargeFile = chosen.some(({ name }) => ['upload', 'download'].includes(name));
  const shared = {
    rounds,
    sizeMib,
    files,
    largeFile: needsLargeFile ? await makeLargeFile() : null,
    original: (await original.whyNot()) === null ? original : null,
  };
  const measured = [];
  for (const measure of chosen) {
    say(`${measure.title}`);
    measured.push(await runMeasure(measure, shared));
    process.stdout.write(`${tableOf(measured.at(-1))}\n`);
  }
  if (Object.keys(values).length === 0)
    process.stdout.write(
      `Written to ${writeResults({ ...surroundings, rounds, sizeMib, measures: measured })}.\n`,
    );
  return measured.every(({ goals }) => goals.every(({ isMet }) => isMet)) ? 0 : 1;
}

async function breakOff() {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
  process.exit(130);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])
  process.on(signal, () => void breakOff());

try {
  process.exitCode = await main();
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
  if (process.connected) process.disconnect();
}

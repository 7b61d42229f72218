/**
 * Builds and runs images without a container engine, to see that their steps work: as an ordinary
 * user without any capability, on a root filesystem that cannot be written. The base of every image is
 * this machine's own system, so what a base image brings is not tried. Needs root, to mount.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { parseDockerfile, parseVariables } from './dockerfile.mjs';

const USER = 1000;
/** Folders of this machine that no image has. */
const HIDDEN = ['home', 'root', 'work', 'srv', 'media', 'mnt'];

/**
 * Mounts the tree over the machine's system, read-only, and runs a command in it. Arguments: the tree,
 * the base, the mount point, the working folder, then pairs `from:to` of writable binds up to `--`.
 */
const ENTER = `
set -eu
tree=$1 base=$2 root=$3 folder=$4; shift 4
mount -t overlay overlay -o "ro,lowerdir=$tree:$base:/" "$root"
for hidden in ${HIDDEN.join(' ')}; do
  [ -e "$tree/$hidden" ] || mount -t tmpfs -o mode=755,ro tmpfs "$root/$hidden" 2>/dev/null || true
done
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
while [ "$1" != -- ]; do mount --bind "\${1%%:*}" "$root/\${1#*:}"; shift; done
shift
exec chroot "$root" setpriv --reuid ${USER} --regid ${USER} --clear-groups --no-new-privs \\
  --inh-caps=-all --bounding-set=-all sh -c 'cd "$1" && shift && exec "$@"' sh "$folder" "$@"
`;

/** The images of this folder, built one after the other from one context. */
export class ImageBuilder {
  #count = 0;
  /** What a stage had added after its first steps, by these steps: what several images have in common is made once. */
  #layers = new Map();

  /**
   * @param {string} context the folder that COPY copies from
   * @param {string} work a folder for everything that comes to be
   * @param {Record<string, string>} environment for the steps, beside what the Dockerfile says
   */
  constructor(context, work, environment) {
    this.context = context;
    this.work = work;
    this.environment = environment;
    this.base = path.join(work, 'base');
    mkdirSync(path.join(this.base, 'usr/local/bin'), { recursive: true });
    cpSync(process.execPath, path.join(this.base, 'usr/local/bin/node'));
  }

  /** @returns {Image} of the last stage */
  build(dockerfile) {
    const images = {};
    let last;
    for (const stage of parseDockerfile(readFileSync(dockerfile, 'utf8'))) {
      last = this.#buildStage(stage, images);
      if (stage.name !== null) images[stage.name] = last;
    }
    return last;
  }

  #buildStage({ image: from, instructions }, images) {
    const image = {
      tree: this.#newFolder(),
      base: this.base,
      folder: '/',
      environment: {},
      command: [],
      check: [],
    };
    const steps = [from];
    for (const instruction of instructions) {
      steps.push(`${instruction.name} ${JSON.stringify(instruction.flags)} ${instruction.text}`);
      this.#take(instruction, image, images, steps.join('\n'));
    }
    return image;
  }

  #take({ name, flags, text }, image, images, steps) {
    if (name === 'WORKDIR') {
      image.folder = text;
      mkdirSync(path.join(image.tree, text), { recursive: true });
    } else if (name === 'ENV') Object.assign(image.environment, parseVariables(text));
    else if (name === 'COPY') this.#copy(text.split(/\s+/), flags, image, images);
    else if (name === 'RUN') this.#runOnce(text, image, steps);
    else if (name === 'CMD') image.command = JSON.parse(text);
    else if (name === 'HEALTHCHECK') image.check = JSON.parse(text.replace(/^CMD /, ''));
    else if (name === 'USER' || name === 'EXPOSE') return;
    else throw new Error(`${name} is not known here.`);
  }

  #copy(names, flags, image, images) {
    const target = names.at(-1);
    const source = flags.from === undefined ? this.context : images[flags.from].tree;
    for (const name of names.slice(0, -1)) {
      const from = path.join(source, name);
      const to = path.join(image.tree, path.resolve(image.folder, target));
      const isInto = target.endsWith('/') && !statSync(from).isDirectory();
      cpSync(from, isInto ? path.join(to, path.basename(name)) : to, {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  }

  #runOnce(text, image, steps) {
    const layer = this.#layers.get(steps);
    if (layer !== undefined) {
      copyTree(layer, image.tree);
      return;
    }
    process.stdout.write(`RUN ${text}\n`);
    // Docker runs it as root; that it needs none of root's rights is part of what is to be seen.
    execFileSync('chown', ['-R', `${USER}:${USER}`, path.join(image.tree, image.folder)]);
    execFileSync(
      ...entering(image, ['sh', '-c', text], {
        mount: this.#newFolder(),
        binds: [[path.join(image.tree, image.folder), image.folder]],
        environment: { ...this.environment, ...image.environment },
      }),
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    // Only the long step that comes first is worth a copy.
    if (!text.startsWith('npm ')) return;
    const copy = this.#newFolder();
    copyTree(image.tree, copy);
    this.#layers.set(steps, copy);
  }

  #newFolder() {
    const folder = path.join(this.work, `tree-${(this.#count += 1)}`);
    mkdirSync(folder);
    return folder;
  }
}

/**
 * Starts the command of an image, or another one, as its user on its read-only root.
 * @param {[string, string][]} options.binds what can be written, and where it appears
 */
export function start(image, { mount, binds, environment, command = image.command, stdio }) {
  mkdirSync(mount, { recursive: true });
  const [program, values, options] = entering(image, command, {
    mount,
    binds,
    environment: { ...image.environment, ...environment },
  });
  return spawn(program, values, { ...options, stdio });
}

function entering(image, command, { mount, binds, environment }) {
  for (const [, to] of binds) makePlace(image, to, binds);
  return [
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child=SIGTERM',
      'sh',
      '-c',
      ENTER,
      'sh',
      image.tree,
      image.base,
      mount,
      image.folder,
    ].concat(
      binds.map(([from, to]) => `${from}:${to}`),
      '--',
      command,
    ),
    { env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin', HOME: '/tmp', ...environment } },
  ];
}

/** Something must be there to mount on; an engine makes it as well. */
function makePlace({ tree }, to, binds) {
  const place = path.join(tree, to);
  const [from] = binds.find(([, other]) => other === to);
  if (existsSync(place)) return;
  if (lstatSync(from).isDirectory()) mkdirSync(place, { recursive: true });
  else {
    mkdirSync(path.dirname(place), { recursive: true });
    cpSync('/dev/null', place);
  }
}

/** By hard links: trees are added to, never changed. */
function copyTree(from, to) {
  execFileSync('cp', ['-alf', `${from}/.`, to]);
}

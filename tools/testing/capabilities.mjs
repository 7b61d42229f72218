import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where Debian's PostgreSQL 15 has its programs. */
export const DEBIAN_POSTGRES = '/usr/lib/postgresql/15/bin';

/** Debian's Python, which sees Debian's packages. */
const DEBIAN_PYTHON = '/usr/bin/python3';

/**
 * What some tests need of the machine. `detect` gives null where it is there, else why it is not;
 * `package` is Debian's, which brings it, null where none does.
 */
const CAPABILITIES = {
  'external-postgresql': { package: 'postgresql-15', detect: detectExternalPostgres },
  root: {
    package: null,
    detect: () => (process.getuid?.() === 0 ? null : 'the tests do not run as root'),
  },
  strace: { package: 'strace', detect: detectStrace },
  mount: { package: 'mount', detect: detectMount },
  // Whether these work is up to the kernel, whatever is installed.
  'disk-image': { package: null, detect: () => detectDiskImage('ext4') },
  rsync: { package: null, detect: detectRsync },
  btrfs: { package: null, detect: () => detectDiskImage('btrfs') },
  vfat: { package: null, detect: () => detectDiskImage('vfat') },
  exfat: { package: null, detect: () => detectDiskImage('exfat') },
  fuse: { package: 'fuse3', detect: detectFuse },
  clamd: { package: 'clamav-daemon', detect: detectClamd },
  curl: { package: 'curl', detect: detectCurl },
  unzip: { package: 'unzip', detect: () => detectProgram('unzip', '-v') },
  bsdtar: { package: 'libarchive-tools', detect: () => detectProgram('bsdtar', '--version') },
  python3: { package: 'python3', detect: () => detectProgram('python3', '--version') },
  nginx: { package: 'nginx', detect: () => detectProgram('nginx', '-v') },
  'python3-websockets': { package: 'python3-websockets', detect: detectPythonWebsockets },
};

const PACKAGE_OF_BROWSER = 'chromium';

/**
 * Looks at the machine.
 * @returns {Record<string, { missing: string | null, mustRun: boolean }>} by name; `missing` says why it cannot be
 *   used, `mustRun` that it was asked for and installed, so that its absence is a failure
 */
export function detectCapabilities(root) {
  return Object.fromEntries(
    Object.entries(CAPABILITIES).map(([name, { package: packageName, detect }]) => [
      name,
      { missing: detect(), mustRun: isAskedForAndInstalled(root, packageName) },
    ]),
  );
}

/** Whether a browser must be found here. */
export function mustHaveBrowser(root) {
  return isAskedForAndInstalled(root, PACKAGE_OF_BROWSER);
}

function isAskedForAndInstalled(root, packageName) {
  if (packageName === null) return false;
  const asked = readFileSync(path.join(root, 'tools', 'ci-packages.txt'), 'utf8').split('\n');
  if (!asked.includes(packageName)) return false;
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', packageName], {
    encoding: 'utf8',
  });
  return stdout === 'installed';
}

function detectExternalPostgres() {
  return existsSync(path.join(DEBIAN_POSTGRES, 'initdb'))
    ? null
    : 'no postgresql-15 of Debian is installed';
}

function detectStrace() {
  const { error, status } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']);
  if (error !== undefined) return 'strace is not installed';
  return status === 0 ? null : 'strace may not trace processes here';
}

/** Tests mount filesystems of their own, small ones in memory. */
function detectMount() {
  if (process.platform !== 'linux') return 'filesystems are mounted on Linux only';
  if (process.getuid() !== 0) return 'only root may mount a filesystem';
  const folder = mkdtempSync(path.join(tmpdir(), 'homeserver-mount-'));
  try {
    const { error, status } = spawnSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      'size=64k',
      'tmpfs',
      folder,
    ]);
    if (error !== undefined) return 'the program mount is not installed';
    if (status !== 0) return 'filesystems may not be mounted here';
    spawnSync('umount', [folder]);
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tests make disks of their own in files, and mount them through loop devices. */
function detectDiskImage(filesystem) {
  const without = detectMount();
  if (without !== null) return without;
  const folder = mkdtempSync(path.join(tmpdir(), 'homeserver-disk-'));
  const image = path.join(folder, 'image');
  const place = path.join(folder, 'place');
  const run = (program, ...options) => spawnSync(program, options, { encoding: 'utf8' });
  let device = '';
  try {
    mkdirSync(place);
    writeFileSync(image, '');
    // Btrfs makes nothing smaller; what is not written takes no room.
    truncateSync(image, 120 * 1024 * 1024);
    const made = run(`mkfs.${filesystem}`, image);
    if (made.error !== undefined) return `mkfs.${filesystem} is not installed`;
    device = run('losetup', '--find', '--show', image).stdout?.trim() ?? '';
    if (device === '') return 'there are no loop devices here';
    const mounted =
      filesystem === 'exfat'
        ? run('mount.exfat-fuse', device, place)
        : run('mount', '-t', filesystem, device, place);
    if (mounted.error !== undefined) return 'exfat-fuse is not installed';
    if (mounted.status !== 0) return `${filesystem} cannot be mounted here`;
    run('umount', place);
    return null;
  } finally {
    if (device !== '') run('losetup', '--detach', device);
    rmSync(folder, { recursive: true });
  }
}

function detectProgram(name, ...options) {
  const { error } = spawnSync(name, options);
  return error === undefined ? null : `${name} is not installed`;
}

function detectRsync() {
  const { error } = spawnSync('rsync', ['--version']);
  return error === undefined ? null : 'rsync is not installed';
}

function detectFuse() {
  if (spawnSync('fusermount3', ['--version']).error !== undefined) return 'fuse3 is not installed';
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return '/dev/fuse may not be used here';
  }
}

function detectClamd() {
  return spawnSync('clamd', ['--version']).error === undefined ? null : 'ClamAV is not installed';
}

/** The examples for a shell take frames apart with Perl, which Debian always has. */
function detectCurl() {
  const missing = ['curl', 'perl'].find(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  );
  return missing === undefined ? null : `${missing} is not installed`;
}

function detectPythonWebsockets() {
  const { error, status } = spawnSync(DEBIAN_PYTHON, ['-c', 'import websockets']);
  return error === undefined && status === 0
    ? null
    : 'python3-websockets of Debian is not installed';
}

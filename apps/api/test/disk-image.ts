import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type DiskFilesystem = 'ext4' | 'btrfs' | 'vfat' | 'exfat';

/** A disk of its own, in a file: can be plugged in, and out again. */
export class DiskImage {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'homeserver-disk-'));
  private readonly image = path.join(this.folder, 'image');
  private device: string | null = null;
  private mountedAt: string | null = null;

  constructor(
    private readonly filesystem: DiskFilesystem,
    sizeBytes = 16 * 1024 * 1024,
    /** When it was made, where the filesystem keeps that. */
    madeAt = new Date(),
  ) {
    writeFileSync(this.image, '');
    truncateSync(this.image, sizeBytes);
    const options = filesystem === 'ext4' ? ['-q', '-m', '0'] : [];
    execFileSync(`mkfs.${filesystem}`, [...options, this.image], {
      stdio: 'ignore',
      env: { ...process.env, E2FSPROGS_FAKE_TIME: String(Math.floor(madeAt.getTime() / 1000)) },
    });
  }

  mount(place: string): void {
    this.device = run('losetup', '--find', '--show', this.image).trim();
    if (this.filesystem === 'exfat') run('mount.exfat-fuse', this.device, place);
    else run('mount', '-t', this.filesystem, this.device, place);
    this.mountedAt = place;
  }

  /** As one pulls a cable: whoever has a file open there keeps it, and nobody finds it any more. */
  unmount(): void {
    if (this.mountedAt !== null) run('umount', '--lazy', this.mountedAt);
    this.mountedAt = null;
    if (this.device !== null) run('losetup', '--detach', this.device);
    this.device = null;
  }

  /** What was not yet on the disk is lost, and nothing comes onto it any more: EXT4_IOC_SHUTDOWN without a flush. */
  cutPower(): void {
    const code =
      'open(my $place, "<", $ARGV[0]) or die $!; my $flag = pack("L", 2); ioctl($place, 0x8004587d, $flag) or die $!';
    run('perl', '-e', code, this.mountedAt ?? '');
  }

  /** Mounts it again in its place, as after a power cut: nobody may have a file open there. */
  remount(): void {
    const place = this.mountedAt ?? '';
    run('umount', place);
    run('mount', '-t', this.filesystem, this.device ?? '', place);
  }

  /** Lets all who ask the disk something wait, as a server does that is gone. Only of exfat, which a process serves. */
  hang(): void {
    process.kill(this.servingProcess(), 'SIGSTOP');
  }

  goOn(): void {
    process.kill(this.servingProcess(), 'SIGCONT');
  }

  private servingProcess(): number {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const words = commandOf(pid);
      if (words[0]?.includes('exfat') === true && words.includes(this.device ?? ''))
        return Number(pid);
    }
    throw new Error('No process serves this disk.');
  }

  remove(): void {
    this.unmount();
    rmSync(this.folder, { recursive: true });
  }
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // ended meanwhile
  }
}

function run(program: string, ...options: string[]): string {
  return execFileSync(program, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * What processes cost, read from /proc. CPU in seconds, memory in bytes. The database is kept apart:
 * every process named `postgres`, whoever started it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Node runs on
const DATABASE = 'postgres';

/** A process and all its descendants, the database's left out or alone. */
export class ProcessTree {
  /** @param part 'server' leaves the database's processes out, 'database' takes them alone */
  constructor(rootPid, part = 'server') {
    this.rootPid = rootPid;
    this.part = part;
  }

  get pids() {
    const processes = readProcesses();
    const inTree = new Set([this.rootPid]);
    // Parents have lower ids as a rule, not always: look until nothing is added.
    for (let size = 0; size !== inTree.size;) {
      size = inTree.size;
      for (const { pid, parent } of processes) if (inTree.has(parent)) inTree.add(pid);
    }
    return processes
      .filter(
        ({ pid, name }) => inTree.has(pid) && (name === DATABASE) === (this.part === 'database'),
      )
      .map(({ pid }) => pid);
  }

  /** What the living ones have used since they began, and their ended children. */
  get cpuSeconds() {
    return this.pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  }

  get residentBytes() {
    return this.pids.reduce((sum, pid) => sum + statusBytes(pid, 'VmRSS'), 0);
  }

  /** The most since the last `resetPeak`, summed over the processes. */
  get peakBytes() {
    return this.pids.reduce((sum, pid) => sum + statusBytes(pid, 'VmHWM'), 0);
  }

  resetPeak() {
    // proc(5): 5 resets the peak resident size.
    for (const pid of this.pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  }
}

function readProcesses() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      if (stat === '') return [];
      const [, , parent] = fieldsAfterName(stat);
      const processName = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      return [{ pid: Number(name), parent: Number(parent), name: processName }];
    });
}

/** Of its threads to the nanosecond; of its ended children in ticks. */
function cpuSecondsOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === '') return 0;
  const nanoseconds = threadsOf(pid).reduce(
    (sum, thread) => sum + Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]),
    0,
  );
  return nanoseconds / 1e9 + endedChildrenSeconds(stat);
}

/** What the ended children of this process have used, in ticks: to 10 ms. */
export function cpuSecondsOfEndedChildren() {
  return endedChildrenSeconds(read('/proc/self/stat'));
}

function endedChildrenSeconds(stat) {
  // cutime and cstime are fields 16 and 17.
  const [user, system] = fieldsAfterName(stat).slice(14, 16).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it ended between two looks
  }
}

/** Fields from the second on, whose index is their number less two; the name may contain anything. */
function fieldsAfterName(stat) {
  return ['', ...stat.slice(stat.lastIndexOf(')') + 2).split(' ')];
}

function statusBytes(pid, key) {
  const match = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`));
  return match === null ? 0 : Number(match[1]) * 1024;
}

/** Empty when the process ended between two looks. */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) return '';
    throw error;
  }
}

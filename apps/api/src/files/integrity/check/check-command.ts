import { chooseDrives, placeOf } from '../../../drives';
import { OperatorError } from '../../../platform/config/operator-error';
import { errorCode } from '../../../platform/filesystem/error-code';
import { toIndexed } from '../../indexing/indexed-drive';
import type { FileVerifier } from '../file-verifier';
import type { CheckedDrive, CheckStore } from './check-store.repository';
import { type CheckManner, type CheckProgress, DriveCheck } from './drive-check';
import type { Finding } from './finding';

const TELL_EVERY_MS = 2000;

/** What an operator wants checked. */
export interface CheckWish extends Omit<CheckManner, 'isServed'> {
  /** null: that is to be found out. */
  readonly isServed: boolean | null;
  /** The name or the id of a drive; null: all. */
  readonly drive: string | null;
  /** Below it lie the drives of HomeServer's own. */
  readonly dataDir: string;
}

/** What came of the check of one drive. */
export interface CheckedResult {
  readonly id: string;
  readonly name: string;
  /** `away`: it, or another in its place, could not be looked at. */
  readonly outcome: 'checked' | 'away';
  readonly entryCount: number;
  readonly readBytes: number;
  readonly findings: readonly Finding[];
}

/** What is used to look at drives. */
export interface CheckMeans {
  readonly store: CheckStore;
  readonly verifier: FileVerifier;
}

/**
 * Checks drives, one after the other.
 * @param tell takes a line on how far it is
 * @throws OperatorError when there is no such drive, or when the one that was named is away
 */
export async function checkDrives(
  means: CheckMeans,
  wish: CheckWish,
  tell: (line: string) => void,
): Promise<CheckedResult[]> {
  const isServed = wish.isServed ?? (await means.store.isServed());
  const results: CheckedResult[] = [];
  for (const drive of chooseDrives(await means.store.listDrives(), wish.drive)) {
    const result = await checkOne(means, drive, { ...wish, isServed }, tell);
    if (result.outcome === 'away' && wish.drive !== null)
      throw new OperatorError(`The disk of “${drive.name}” is away.`);
    results.push(result);
  }
  return results;
}

async function checkOne(
  { store, verifier }: CheckMeans,
  checked: CheckedDrive,
  wish: CheckWish & CheckManner,
  tell: (line: string) => void,
): Promise<CheckedResult> {
  const { id, name } = checked;
  const check = new DriveCheck(
    checked,
    toIndexed({ ...checked, place: placeOf(checked, wish.dataDir) }),
    store,
    verifier,
    wish,
  );
  const away = { id, name, outcome: 'away', entryCount: 0, readBytes: 0, findings: [] } as const;
  if (wish.isServed && checked.state !== 'online') return away;
  try {
    check.open();
  } catch (error) {
    if (errorCode(error) === 'EACCES')
      throw new OperatorError(
        `You may not look into “${name}”. Run this as the user that HomeServer runs as.`,
      );
    return away;
  }
  let toldAt = Date.now();
  const report = await check.run((progress) => {
    if (Date.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = Date.now();
    tell(`${name}: ${wordsOf(progress)}`);
  });
  return { id, name, outcome: 'checked', ...report };
}

function wordsOf({ unit, done, total }: CheckProgress): string {
  if (unit === 'entries') return `${done.toLocaleString('en')} entries compared so far`;
  const percent = total === 0 ? 100 : Math.min(Math.floor((done / total) * 100), 100);
  return `${inMegabytes(done)} of ${inMegabytes(total)} read (${percent} %)`;
}

/** What came of it, for a person. */
export function linesOf({
  name,
  outcome,
  entryCount,
  readBytes,
  findings,
}: CheckedResult): string[] {
  if (outcome === 'away') return [`${name}: its disk is away; it was not checked.`];
  const extent = `${entryCount.toLocaleString('en')} ${entryCount === 1 ? 'entry' : 'entries'} compared, ${inMegabytes(readBytes)} read`;
  if (findings.length === 0) return [`${name}: ${extent}; all is as it should be.`];
  const count = `${findings.length.toLocaleString('en')} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return [
    `${name}: ${extent}; ${count}:`,
    ...findings.map(({ kind, path, detail }) => `  ${kind.padEnd(10)}  ${path}: ${detail}`),
  ];
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}

import { setTimeout as delay } from 'node:timers/promises';

import { OperatorError } from '../../platform/config/operator-error';
import type { ScannableDrive, ScanOrdersRepository, ScanReport } from './scan-orders.repository';

const LOOK_EVERY_MS = 500;
const TELL_EVERY_MS = 5000;
/** A server looks for work of others every five seconds. */
const TAKEN_WITHIN_MS = 15_000;

/** What an operator wants scanned. */
export interface ScanWish {
  /** The name or the id of a drive; null: all. */
  readonly drive: string | null;
  readonly isFull: boolean;
  /** Whether a server works on the database at this moment; null: that is not known. */
  readonly isServed: boolean | null;
}

/**
 * Has drives scanned by the server, and tells how far it is while one runs.
 * @param tell takes a line for the operator
 * @throws OperatorError when there is no such drive, and when a scan fails
 */
export async function scanDrives(
  orders: ScanOrdersRepository,
  wish: ScanWish,
  tell: (line: string) => void,
): Promise<void> {
  const wanted = chooseDrives(await orders.listDrives(), wish.drive);
  const jobs: { drive: ScannableDrive; id: string }[] = [];
  for (const drive of wanted) jobs.push({ drive, id: await orders.order(drive, wish.isFull) });
  if (wish.isServed === false) {
    tell('HomeServer is not running: the scan begins when it is started.');
    return;
  }
  for (const { drive, id } of jobs) {
    if (drive.state === 'online')
      await follow(orders, id, (words) => tell(`${drive.name}: ${words}`));
    else tell(`${drive.name}: its disk is away; it is scanned when it is there again.`);
  }
}

/**
 * The drives that an operator means, by a name or an id; null: all of them.
 * @throws OperatorError when there is none, or not one alone
 */
export function chooseDrives<Drive extends Pick<ScannableDrive, 'id' | 'name'>>(
  drives: readonly Drive[],
  wish: string | null,
): Drive[] {
  if (wish === null) return [...drives];
  const byId = drives.filter(({ id }) => id === wish.toLowerCase());
  const found = byId.length > 0 ? byId : drives.filter(({ name }) => name === wish);
  const [only, another] = found;
  if (only === undefined)
    throw new OperatorError(
      `There is no drive “${wish}”. There are: ${drives.map(({ name }) => name).join(', ')}.`,
    );
  if (another !== undefined)
    throw new OperatorError(
      `Several drives are named “${wish}”. Name one by its id: ${found.map(({ id }) => id).join(', ')}.`,
    );
  return [only];
}

async function follow(
  orders: ScanOrdersRepository,
  jobId: string,
  tell: (words: string) => void,
): Promise<void> {
  const since = Date.now();
  let toldAt = since;
  for (;;) {
    const report = await orders.report(jobId);
    const end = endOf(report);
    if (end !== null) return tell(end);
    if (report?.state === 'queued' && Date.now() - since > TAKEN_WITHIN_MS)
      return tell('the scan waits for its turn, or for HomeServer to be started.');
    if (report?.state === 'running' && Date.now() - toldAt > TELL_EVERY_MS) {
      tell(`${count(report.seenCount)} so far`);
      toldAt = Date.now();
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** How a scan has ended; null while it has not. @throws OperatorError when it failed */
function endOf(report: ScanReport | null): string | null {
  if (report === null) return 'the scan is over.';
  const { state, problem, attention } = report;
  if (state === 'failed') throw new OperatorError(problem ?? 'The scan failed.');
  if (state === 'cancelled') return 'the scan was cancelled.';
  if (state !== 'done') return null;
  if (attention === null) return `done; ${count(report.entryCount)} in the index.`;
  const { missingCount, entryCount } = attention;
  return `${missingCount} of ${count(entryCount)} are no longer on the disk. Decide in the web app, under Drives, what becomes of them.`;
}

function count(entries: number): string {
  return `${entries.toLocaleString('en')} ${entries === 1 ? 'entry' : 'entries'}`;
}

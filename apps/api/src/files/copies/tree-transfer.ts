import * as z from 'zod';

import { ContentMissingError } from '../../drives';
import { DomainError } from '../../platform/http/domain-error';
import type { JobContext } from '../../platform/jobs/job';
import type { Entry, EntryState } from '../entries/entry';
import { LeftOutError } from '../files.errors';

/** Entries of a folder that are read at once. */
const AT_ONCE = 100;
/** A cursor is written so often: what was done since is seen by its ids when it is done again. */
const SAVE_EVERY_MS = 2000;
/** What one entry may fail by without the others: it cannot be read, or not be there. */
const LEFT_OUT = [
  'files.is_mount',
  'files.unreadable',
  'drives.no_links',
  'drives.forbidden',
  'drives.name_refused',
  'files.type_refused',
];

const frameSchema = z.object({
  /** The folder whose entries are gone through, where they go, and the last one that is done. */
  from: z.uuid(),
  to: z.uuid(),
  after: z.uuid().nullable(),
  /** Those that could not be done, or are gone. */
  leftIds: z.array(z.uuid()),
});
const cursorSchema = z.object({
  frames: z.array(frameSchema),
  doneBytes: z.int(),
  leftOutCount: z.int(),
  leftOutExample: z.string(),
});

type Frame = z.infer<typeof frameSchema>;
type Cursor = z.infer<typeof cursorSchema>;

/** What is done with a tree, entry by entry. */
export interface TransferSteps {
  /** The entries of a folder that come after another one, by their ids; null: the first ones. */
  readChildren(folderId: string, after: string | null, limit: number): Promise<Entry[]>;
  /** What of these was made in an earlier attempt, by the ids of what was to be made of them. */
  findMade(children: readonly Entry[]): Promise<ReadonlyMap<string, EntryState>>;
  /** Makes the folder at the other end, where it is not made yet. Resolves to its id. */
  makeFolder(folder: Entry, toId: string, isMade: boolean): Promise<string>;
  /** Makes the file, or the link, at the other end. */
  transferFile(file: Entry, toId: string): Promise<void>;
  /** All that is in a folder is done. @returns the path of the folder when it cannot be done itself, for something is left */
  leaveFolder(fromId: string, toId: string): Promise<string | null>;
}

/**
 * Goes through a tree from the outside in, and remembers where it is. Whatever is done twice because of a crash is made
 * under the id that it was made under before, and so once.
 */
export class TreeTransfer {
  private cursor: Cursor = { frames: [], doneBytes: 0, leftOutCount: 0, leftOutExample: '' };
  private savedAt = performance.now();

  constructor(
    private readonly steps: TransferSteps,
    private readonly context: JobContext,
  ) {}

  /**
   * @param start where it begins, when there is no cursor of an earlier attempt
   * @throws LeftOutError at the end, when some entries could not be done
   */
  async run(savedCursor: unknown, start: () => Promise<Pick<Frame, 'from' | 'to'>>): Promise<void> {
    if (savedCursor === null)
      this.cursor.frames.push({ ...(await start()), after: null, leftIds: [] });
    else this.cursor = cursorSchema.parse(savedCursor);
    await this.save();
    for (let frame = this.top(); frame !== undefined; frame = this.top()) {
      this.context.signal.throwIfAborted();
      await this.goOnIn(frame);
    }
    const { leftOutCount, leftOutExample } = this.cursor;
    if (leftOutCount > 0) throw new LeftOutError(leftOutCount, leftOutExample);
  }

  /** Bytes that have come, also of a file that is not whole yet. */
  addBytes(count: number): void {
    this.cursor.doneBytes += count;
    this.context.progress(this.cursor.doneBytes);
  }

  private top(): Frame | undefined {
    return this.cursor.frames.at(-1);
  }

  private async goOnIn(frame: Frame): Promise<void> {
    const children = await this.steps.readChildren(frame.from, frame.after, AT_ONCE);
    if (children.length === 0) {
      await this.leave(frame);
      return;
    }
    const made = await this.steps.findMade(children);
    for (const child of children) {
      this.context.signal.throwIfAborted();
      const inner = await this.transfer(child, frame, made.has(child.id));
      frame.after = child.id;
      if (inner !== null) {
        this.cursor.frames.push(inner);
        await this.save();
        return;
      }
      if (performance.now() - this.savedAt > SAVE_EVERY_MS) await this.save();
    }
  }

  private async leave(frame: Frame): Promise<void> {
    const left = await this.steps.leaveFolder(frame.from, frame.to);
    if (left !== null) {
      // Something may have come into it meanwhile.
      const known = new Set(frame.leftIds);
      const rest = await this.steps.readChildren(frame.from, null, known.size + 1);
      frame.after = null;
      if (rest.some(({ id }) => !known.has(id))) return;
      this.leaveOut(left);
    }
    this.cursor.frames.pop();
    if (left !== null) this.top()?.leftIds.push(frame.from);
    await this.save();
  }

  /** @returns the folder to go into next; null for a file, and for what was left out */
  private async transfer(child: Entry, frame: Frame, isMade: boolean): Promise<Frame | null> {
    const { to, leftIds } = frame;
    if (leftIds.includes(child.id)) return null;
    const doneBefore = this.cursor.doneBytes;
    try {
      if (child.kind === 'folder') {
        const innerTo = await this.steps.makeFolder(child, to, isMade);
        return { from: child.id, to: innerTo, after: null, leftIds: [] };
      }
      if (!isMade) await this.steps.transferFile(child, to);
    } catch (error) {
      // It was deleted or moved meanwhile.
      const isGone = error instanceof ContentMissingError;
      const isLeftOut = error instanceof DomainError && LEFT_OUT.includes(error.code);
      if (!isGone && !isLeftOut) throw error;
      if (isLeftOut) this.leaveOut(child.storagePath);
      leftIds.push(child.id);
    }
    if (child.kind === 'file') this.cursor.doneBytes = doneBefore + child.size;
    this.context.progress(this.cursor.doneBytes);
    return null;
  }

  private leaveOut(path: string): void {
    this.cursor.leftOutCount += 1;
    if (this.cursor.leftOutExample === '') this.cursor.leftOutExample = path;
  }

  private async save(): Promise<void> {
    this.savedAt = performance.now();
    await this.context.saveCursor(this.cursor);
  }
}

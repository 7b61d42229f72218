import type { Dice } from './dice';

/** Something that another program does on a disk. Paths are relative to it; those in `away/` lie beside it. */
export type Change =
  | { readonly does: 'mkdir' | 'rm'; readonly at: string }
  | { readonly does: 'write'; readonly at: string; readonly size: number }
  | { readonly does: 'mv'; readonly at: string; readonly to: string };

/** So few, of files and folders alike, that they meet; two differ only in their case. */
const NAMES = ['a', 'b', 'c', 'd', 'x.txt', 'y.txt'];
const ANOTHER_BY_CASE = 'A';
const TEMPORARY = '.temporary';
const AWAY = 'away';

/** Draws what people do with their folders, beside HomeServer, and knows what the disk has then. */
export class Reorganisation {
  private readonly changes: Change[] = [];
  private readonly tree = new Map<string, 'file' | 'folder'>();
  private readonly doings: readonly (() => void)[] = [
    () => this.makeFolders(),
    () => this.move(),
    () => this.move(),
    () => this.move(),
    () => this.moveIntoNew(),
    () => this.moveIntoNew(),
    () => this.moveUp(),
    () => this.changeCase(),
    () => this.swap(),
    () => this.changeKind(),
    () => this.turnInsideOut(),
    () => this.takeFreedName(),
    () => this.saveByRenaming(),
    () => this.remove(),
    () => this.write(),
    () => this.takeAway(),
    () => this.bringBack(),
  ];

  private readonly names: readonly string[];

  /** @param hasCase whether names that differ in their case alone are two names on that disk */
  constructor(
    private readonly dice: Dice,
    private readonly hasCase: boolean,
  ) {
    this.names = hasCase ? [...NAMES, ANOTHER_BY_CASE] : NAMES;
  }

  /** A small tree to begin with. */
  plant(): void {
    for (let count = this.number(3, 7); count > 0; count -= 1) this.makeFolders();
    for (let count = this.number(3, 6); count > 0; count -= 1) this.write();
  }

  reorganise(count: number): void {
    for (let left = count; left > 0; left -= 1) this.dice.pick(this.doings)?.();
  }

  /** Takes the changes that were drawn since. */
  take(): Change[] {
    return this.changes.splice(0);
  }

  private number(from: number, to: number): number {
    return from + Math.floor(this.dice.next() * (to - from + 1));
  }

  private here(kind?: 'file' | 'folder'): string[] {
    return [...this.tree].flatMap(([place, its]) =>
      !isAway(place) && (kind === undefined || kind === its) ? [place] : [],
    );
  }

  private anyFolder(): string {
    return this.dice.pick(['', ...this.here('folder')]) ?? '';
  }

  private newIn(folder: string): string {
    return join(folder, this.dice.pick(this.names) ?? '');
  }

  private does(change: Change): void {
    this.changes.push(change);
    if (change.does === 'mkdir') this.tree.set(change.at, 'folder');
    if (change.does === 'write') this.tree.set(change.at, 'file');
    if (change.does === 'rm') this.takeOut(change.at);
    if (change.does !== 'mv') return;
    const moved = this.takeOut(change.at);
    for (const [place, kind] of moved)
      this.tree.set(`${change.to}${place.slice(change.at.length)}`, kind);
  }

  private takeOut(at: string): [string, 'file' | 'folder'][] {
    const taken = [...this.tree].filter(([place]) => isIn(place, at));
    for (const [place] of taken) this.tree.delete(place);
    return taken;
  }

  /** As `mv` and `rename` do it: not into itself, and over files alone. */
  private mv(at: string, to: string): boolean {
    const isOver = this.tree.get(at) === 'file' && this.tree.get(to) === 'file';
    if (isIn(to, at) || (this.tree.has(to) && !isOver)) return false;
    this.does({ does: 'mv', at, to });
    return true;
  }

  private makeFolders(): string {
    let folder = this.anyFolder();
    for (let depth = this.number(1, 3); depth > 0; depth -= 1) {
      folder = this.newIn(folder);
      const its = this.tree.get(folder);
      if (its === 'file') return parentOf(folder);
      if (its === undefined) this.does({ does: 'mkdir', at: folder });
    }
    return folder;
  }

  private move(): void {
    const at = this.dice.pick(this.here());
    if (at === undefined) return;
    const folder = this.anyFolder();
    this.mv(at, this.dice.next() < 0.5 ? join(folder, nameOf(at)) : this.newIn(folder));
  }

  private moveIntoNew(): void {
    const at = this.dice.pick(this.here());
    if (at === undefined) return;
    this.mv(at, join(this.makeFolders(), nameOf(at)));
  }

  private moveUp(): void {
    const at = this.dice.pick(this.here().filter((place) => place.includes('/')));
    if (at !== undefined) this.mv(at, join(parentOf(parentOf(at)), nameOf(at)));
  }

  private changeCase(): void {
    const at = this.dice.pick(this.here());
    if (at === undefined || !this.hasCase) return;
    const name = nameOf(at);
    const upper = name.toUpperCase();
    this.mv(at, join(parentOf(at), upper === name ? name.toLowerCase() : upper));
  }

  private swap(): void {
    const one = this.dice.pick(this.here());
    const other = this.dice.pick(this.here());
    if (one === undefined || other === undefined || isIn(one, other) || isIn(other, one)) return;
    this.mv(one, TEMPORARY);
    this.mv(other, one);
    this.mv(TEMPORARY, other);
  }

  private changeKind(): void {
    const at = this.dice.pick(this.here());
    if (at === undefined) return;
    const its = this.tree.get(at);
    if (this.dice.next() < 0.5) this.does({ does: 'rm', at });
    else if (!this.mv(at, this.newIn(this.anyFolder()))) return;
    if (!this.tree.has(parentOf(at)) && parentOf(at) !== '') return;
    if (its === 'folder') this.writeAt(at);
    else this.does({ does: 'mkdir', at });
  }

  private turnInsideOut(): void {
    const inner = this.dice.pick(this.here('folder').filter((place) => place.includes('/')));
    if (inner === undefined) return;
    const outer = parentOf(inner);
    this.mv(inner, TEMPORARY);
    this.mv(outer, join(TEMPORARY, nameOf(outer)));
    const isFree = this.mv(TEMPORARY, join(parentOf(outer), nameOf(inner)));
    if (!isFree) this.mv(TEMPORARY, outer);
  }

  private takeFreedName(): void {
    const at = this.dice.pick(this.here());
    const other = this.dice.pick(this.here());
    if (at === undefined || other === undefined || isIn(at, other) || isIn(other, at)) return;
    if (this.dice.next() < 0.7) this.mv(at, this.newIn(parentOf(at)));
    else this.does({ does: 'rm', at });
    this.mv(other, at);
  }

  private saveByRenaming(): void {
    const at = this.dice.pick(this.here('file'));
    if (at === undefined) return;
    const temporary = join(parentOf(at), TEMPORARY);
    this.writeAt(temporary);
    if (this.dice.next() < 0.3) this.mv(at, `${at}~`);
    this.mv(temporary, at);
  }

  private remove(): void {
    const at = this.dice.pick(this.here());
    if (at !== undefined) this.does({ does: 'rm', at });
  }

  private write(): void {
    const at = this.newIn(this.anyFolder());
    if (this.tree.get(at) !== 'folder') this.writeAt(at);
  }

  private writeAt(at: string): void {
    this.does({ does: 'write', at, size: this.number(1, 1_000_000) });
  }

  private takeAway(): void {
    const at = this.dice.pick(this.here());
    if (at !== undefined) this.mv(at, join(AWAY, this.dice.name()));
  }

  private bringBack(): void {
    const roots = [...this.tree.keys()].filter((place) => parentOf(place) === AWAY);
    const at = this.dice.pick(roots);
    if (at !== undefined) this.mv(at, this.newIn(this.anyFolder()));
  }
}

export function isAway(place: string): boolean {
  return place.startsWith(`${AWAY}/`);
}

export function parentOf(place: string): string {
  return place.split('/').slice(0, -1).join('/');
}

export function nameOf(place: string): string {
  return place.split('/').at(-1) ?? '';
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function isIn(place: string, folder: string): boolean {
  return place === folder || place.startsWith(`${folder}/`);
}

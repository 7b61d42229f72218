import type { UsageNode } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';
import { bytesText, countOf } from '@homeserver/ui';

import { iconOf } from '../entries/entry-kind';
import { type Rectangle, squarify } from './treemap';

/** What a file is, in as few kinds as colours can tell apart. */
export type Family = 'pictures' | 'films' | 'music' | 'documents' | 'other' | 'folder';

export const FAMILIES: readonly { readonly family: Family; readonly label: string }[] = [
  { family: 'pictures', label: 'Pictures' },
  { family: 'films', label: 'Films' },
  { family: 'music', label: 'Music' },
  { family: 'documents', label: 'Documents' },
  { family: 'other', label: 'Other files' },
  { family: 'folder', label: 'Folders' },
];

/** A part of the room, as the map and the table show it. */
export interface UsagePart {
  /** null for what is added up, which cannot be opened. */
  readonly id: string | null;
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'rest';
  readonly family: Family;
  readonly icon: IconName;
  readonly size: number;
  /** Of the whole, 0 to 1. */
  readonly share: number;
  readonly children: readonly UsagePart[];
}

export interface Tile {
  readonly part: UsagePart;
  readonly place: Rectangle;
  /** Whether its name fits into it. */
  readonly hasLabel: boolean;
  readonly children: readonly Tile[];
}

const FAMILY_OF_ICON: Partial<Readonly<Record<IconName, Family>>> = {
  image: 'pictures',
  video: 'films',
  music: 'music',
  document: 'documents',
  spreadsheet: 'documents',
  slides: 'documents',
  book: 'documents',
  code: 'documents',
};

/** In pixels: the name of a folder above what is in it, and the edge around that. */
const HEAD = 22;
const EDGE = 3;
const GAP = 2;
const SMALLEST_LABEL = { width: 54, height: 24 };
/** A part that would be smaller says nothing. */
const SMALLEST_SIDE = 3;

/** What is in a folder, the largest first, with what is not told one by one. */
export function partsOf(node: UsageNode, whole = node.size): readonly UsagePart[] {
  const parts = node.children.map((child): UsagePart => {
    const icon = iconOf(child);
    return {
      id: child.id,
      name: child.filename,
      kind: child.kind,
      family: child.kind === 'folder' ? 'folder' : (FAMILY_OF_ICON[icon] ?? 'other'),
      icon,
      size: child.size,
      share: shareOf(child.size, whole),
      children: child.children.length === 0 ? [] : partsOf(child, whole),
    };
  });
  const { rest } = node;
  if (rest === null) return parts;
  return [
    ...parts,
    {
      id: null,
      name: countOf(rest.entryCount, 'smaller entry', 'smaller entries'),
      kind: 'rest',
      family: 'other',
      icon: 'more',
      size: rest.size,
      share: shareOf(rest.size, whole),
      children: [],
    },
  ];
}

/** The map of some parts: folders hold what is in them. */
export function tilesOf(parts: readonly UsagePart[], area: Rectangle): readonly Tile[] {
  const sorted = [...parts].sort((one, other) => other.size - one.size);
  const places = squarify(
    sorted.map(({ size }) => size),
    area,
  );
  return sorted.flatMap((part, index): Tile[] => {
    const place = shrunk(places[index] ?? area, GAP / 2);
    if (Math.min(place.width, place.height) < SMALLEST_SIDE) return [];
    const hasLabel = place.width >= SMALLEST_LABEL.width && place.height >= SMALLEST_LABEL.height;
    const children = tilesOf(part.children, insideOf(place, hasLabel));
    return [{ part, place, hasLabel, children }];
  });
}

/** `Films, folder, 61 MB, 33 %`. */
export function wordsOf({ name, kind, size, share }: UsagePart): string {
  const what = kind === 'folder' ? ', folder' : '';
  return `${name}${what}, ${bytesText(size)}, ${percentText(share)}`;
}

/** `33 %`; below one per cent as much as that says. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return 'less than 1\u00a0%';
  return `${Math.round(percent)}\u00a0%`;
}

function shareOf(size: number, whole: number): number {
  return whole === 0 ? 0 : size / whole;
}

/** Counted from the edge of the tile itself. */
function insideOf({ width, height }: Rectangle, hasLabel: boolean): Rectangle {
  const top = hasLabel ? HEAD : EDGE;
  return {
    x: EDGE,
    y: top,
    width: Math.max(0, width - 2 * EDGE),
    height: Math.max(0, height - top - EDGE),
  };
}

function shrunk({ x, y, width, height }: Rectangle, by: number): Rectangle {
  return {
    x: x + by,
    y: y + by,
    width: Math.max(0, width - 2 * by),
    height: Math.max(0, height - 2 * by),
  };
}

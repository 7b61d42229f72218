/** How far the keyboard goes. */
export type Step = 'row' | 'page' | 'edge';

/** What becomes of the selection on the way: it follows, it grows into a range, it stays. */
export type SelectionMode = 'select' | 'extend' | 'extendToo' | 'stay';

/** What a key asks of the list. */
export type ListCommand =
  | {
      readonly kind: 'move';
      readonly step: Step;
      readonly direction: 1 | -1;
      readonly mode: SelectionMode;
    }
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'toggle' | 'selectAll' | 'clear' | ListAction };

/** What a key asks of the page around the list. */
export type ListAction =
  | 'open'
  | 'up'
  | 'rename'
  | 'delete'
  | 'deleteForGood'
  | 'filter'
  | 'newFolder'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'undo';

/** The part of a KeyboardEvent that counts. */
export interface Keystroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** Whether it is held down. */
  readonly repeat?: boolean;
}

const MOVES: Readonly<Record<string, readonly [Step, 1 | -1]>> = {
  ArrowDown: ['row', 1],
  ArrowUp: ['row', -1],
  PageDown: ['page', 1],
  PageUp: ['page', -1],
  End: ['edge', 1],
  Home: ['edge', -1],
};

const SIMPLE: Readonly<Record<string, 'clear' | ListAction>> = {
  Enter: 'open',
  F2: 'rename',
  Delete: 'delete',
  Backspace: 'up',
  Escape: 'clear',
  // No name has one, so that it can lead to the filter.
  '/': 'filter',
};

/** What the list does by itself. */
const LIST_COMMANDS: ReadonlySet<ListCommand['kind']> = new Set([
  'move',
  'type',
  'toggle',
  'selectAll',
  'clear',
]);

const CONTROLLED: Readonly<Record<string, 'selectAll' | ListAction>> = {
  a: 'selectAll',
  x: 'cut',
  c: 'copy',
  v: 'paste',
  z: 'undo',
  // As on a Mac.
  backspace: 'delete',
};

/**
 * What a key means in the list, as in a file manager; null when it means nothing there.
 * @param isTyping whether a name is being typed, so that a space belongs to it
 */
export function commandOf(keystroke: Keystroke, isTyping: boolean): ListCommand | null {
  const { key, shiftKey } = keystroke;
  if (keystroke.altKey) return key === 'ArrowUp' ? { kind: 'up' } : null;
  const isControlled = keystroke.ctrlKey || keystroke.metaKey;
  const move = MOVES[key];
  if (move !== undefined) {
    const [step, direction] = move;
    return { kind: 'move', step, direction, mode: modeOf(shiftKey, isControlled) };
  }
  if (key === ' ' && (isControlled || !isTyping)) return { kind: 'toggle' };
  if (isControlled) return controlledCommand(keystroke);
  // Within a name that is being typed it is a letter.
  if (key === 'N' && shiftKey && !isTyping) return { kind: 'newFolder' };
  if (key === 'Delete' && shiftKey) return { kind: 'deleteForGood' };
  const simple = SIMPLE[key];
  if (simple !== undefined) return { kind: simple };
  return [...key].length === 1 ? { kind: 'type', text: key } : null;
}

/** What a click does to the selection; the same keys as with the arrows. */
export function modeOf(isShifted: boolean, isControlled: boolean): SelectionMode {
  if (isShifted) return isControlled ? 'extendToo' : 'extend';
  return isControlled ? 'stay' : 'select';
}

function controlledCommand({ key, shiftKey, repeat = false }: Keystroke): ListCommand | null {
  const kind = CONTROLLED[key.toLowerCase()];
  // With Shift it is the opposite, which there is not; a key that is held down would undo all there is.
  return kind === undefined || (kind === 'undo' && (shiftKey || repeat)) ? null : { kind };
}

/** Whether the page, not the list, does what is asked. */
export function isAction(
  command: ListCommand,
): command is ListCommand & { readonly kind: ListAction } {
  return !LIST_COMMANDS.has(command.kind);
}

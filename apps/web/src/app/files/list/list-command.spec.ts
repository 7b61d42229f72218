import { commandOf, type Keystroke } from './list-command';

function keystroke(key: string, held: Partial<Keystroke> = {}): Keystroke {
  return { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held };
}

describe('commandOf', () => {
  it.each([
    ['ArrowDown', {}, { step: 'row', direction: 1, mode: 'select' }],
    ['ArrowUp', { shiftKey: true }, { step: 'row', direction: -1, mode: 'extend' }],
    ['PageDown', { ctrlKey: true }, { step: 'page', direction: 1, mode: 'stay' }],
    ['Home', { ctrlKey: true, shiftKey: true }, { step: 'edge', direction: -1, mode: 'extendToo' }],
  ])('should move by %s when %j is held', (key, held, command) => {
    expect(commandOf(keystroke(key, held), false)).toEqual({ kind: 'move', ...command });
  });

  it.each([
    ['Enter', 'open'],
    ['F2', 'rename'],
    ['Delete', 'delete'],
    ['Escape', 'clear'],
    ['/', 'filter'],
    ['Backspace', 'up'],
  ])('should take %s for %s when nothing is held', (key, kind) => {
    expect(commandOf(keystroke(key), false)).toEqual({ kind });
  });

  it('should select all when A is pressed with Ctrl or Command', () => {
    expect(commandOf(keystroke('a', { ctrlKey: true }), false)).toEqual({ kind: 'selectAll' });
    expect(commandOf(keystroke('a', { metaKey: true }), false)).toEqual({ kind: 'selectAll' });
  });

  it.each([
    ['x', { ctrlKey: true }, 'cut'],
    ['C', { metaKey: true }, 'copy'],
    ['v', { ctrlKey: true }, 'paste'],
    ['z', { ctrlKey: true }, 'undo'],
    ['Z', { metaKey: true }, 'undo'],
    ['Backspace', { metaKey: true }, 'delete'],
    ['ArrowUp', { altKey: true }, 'up'],
    ['N', { shiftKey: true }, 'newFolder'],
  ])('should take %s with %j for %s', (key, held, kind) => {
    expect(commandOf(keystroke(key, held), false)).toEqual({ kind });
  });

  it('should undo once when the key is held down', () => {
    expect(commandOf(keystroke('z', { ctrlKey: true, repeat: true }), false)).toBeNull();
    expect(commandOf(keystroke('a', { ctrlKey: true, repeat: true }), false)).not.toBeNull();
  });

  it('should take a capital N for a letter when a name is being typed', () => {
    expect(commandOf(keystroke('N', { shiftKey: true }), true)).toEqual({
      kind: 'type',
      text: 'N',
    });
  });

  it('should toggle by a space when no name is being typed', () => {
    expect(commandOf(keystroke(' '), false)).toEqual({ kind: 'toggle' });
    expect(commandOf(keystroke(' '), true)).toEqual({ kind: 'type', text: ' ' });
  });

  it('should take a character for the beginning of a name when it is typed', () => {
    expect(commandOf(keystroke('ä'), false)).toEqual({ kind: 'type', text: 'ä' });
  });

  it('should leave keys to the browser when they are its own', () => {
    expect(commandOf(keystroke('Tab'), false)).toBeNull();
    expect(commandOf(keystroke('F5'), false)).toBeNull();
    expect(commandOf(keystroke('l', { ctrlKey: true }), false)).toBeNull();
    expect(commandOf(keystroke('Z', { ctrlKey: true, shiftKey: true }), false)).toBeNull();
    expect(commandOf(keystroke('ArrowDown', { altKey: true }), false)).toBeNull();
  });
});

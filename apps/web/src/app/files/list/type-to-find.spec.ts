import { findByBeginning, TypedText } from './type-to-find';

const rows = ['apple', 'Banana', 'berry', 'Ärger', 'best'].map((filename) => ({ filename }));

describe('findByBeginning', () => {
  it('should go on to the next name when the same letter is typed again', () => {
    expect(findByBeginning(rows, 'b', -1)).toBe(1);
    expect(findByBeginning(rows, 'b', 1)).toBe(2);
    expect(findByBeginning(rows, 'b', 4)).toBe(1);
  });

  it('should stay when the name that is found goes on fitting', () => {
    expect(findByBeginning(rows, 'be', 2)).toBe(2);
  });

  it('should leave case and accents aside when it compares', () => {
    expect(findByBeginning(rows, 'AR', 0)).toBe(3);
  });

  it('should find nothing when no name begins so', () => {
    expect(findByBeginning(rows, 'x', 0)).toBe(-1);
    expect(findByBeginning(rows, 'r', 0)).toBe(-1);
    expect(findByBeginning([], 'x', -1)).toBe(-1);
  });
});

describe('TypedText', () => {
  it('should put letters together when they come in one go', () => {
    const typed = new TypedText();
    typed.add('b', 0);
    expect(typed.add('e', 500)).toBe('be');
  });

  it('should begin anew when there was a pause', () => {
    const typed = new TypedText();
    typed.add('b', 0);
    expect(typed.isTyping(2000)).toBe(false);
    expect(typed.add('e', 2000)).toBe('e');
  });

  it('should stay one letter when the same one is typed again', () => {
    const typed = new TypedText();
    typed.add('b', 0);
    expect(typed.add('b', 100)).toBe('b');
  });
});

import { Selection } from './selection';

describe('Selection', () => {
  const idsOf = (selection: Selection) => [...selection.ids];

  it('should hold one entry alone when it is clicked', () => {
    const selection = Selection.none.only('a').only('b');
    expect(idsOf(selection)).toEqual(['b']);
    expect(selection).toMatchObject({ anchorId: 'b', activeId: 'b' });
  });

  it('should add and remove an entry when it is toggled', () => {
    const both = Selection.none.only('a').toggled('c');
    expect(idsOf(both)).toEqual(['a', 'c']);
    expect(idsOf(both.toggled('a'))).toEqual(['c']);
  });

  it('should replace the range before when another one is drawn from the same anchor', () => {
    const selection = Selection.none.only('b').ranged(['b', 'c', 'd'], 'd').ranged(['a', 'b'], 'a');
    expect(idsOf(selection)).toEqual(['a', 'b']);
    expect(selection).toMatchObject({ anchorId: 'b', activeId: 'a' });
  });

  it('should keep what is selected when a range is added', () => {
    const selection = Selection.none.only('a').toggled('d').rangedToo(['d', 'e'], 'e');
    expect(idsOf(selection)).toEqual(['a', 'd', 'e']);
    expect(selection.anchorId).toBe('d');
  });

  it('should begin a range at its end when there was no anchor', () => {
    expect(Selection.none.ranged(['a'], 'a').anchorId).toBe('a');
  });

  it('should move the keyboard alone when it walks without selecting', () => {
    const selection = Selection.none.only('a').movedTo('b');
    expect(idsOf(selection)).toEqual(['a']);
    expect(selection).toMatchObject({ anchorId: 'b', activeId: 'b' });
  });

  it('should keep the keyboard where it is when all or nothing is selected', () => {
    const selection = Selection.none.only('b').all(['a', 'b', 'c']);
    expect(selection).toMatchObject({ size: 3, activeId: 'b' });
    expect(selection.cleared()).toMatchObject({ size: 0, activeId: 'b' });
  });

  it('should hand the keyboard on when its entry is gone', () => {
    const selection = Selection.none
      .only('b')
      .toggled('c')
      .without(new Set(['c']), 'd');
    expect(idsOf(selection)).toEqual(['b']);
    expect(selection).toMatchObject({ anchorId: 'd', activeId: 'd' });
  });

  it('should not change the one before when a step is taken', () => {
    const before = Selection.none.only('a');
    before.toggled('b');
    expect(idsOf(before)).toEqual(['a']);
  });
});

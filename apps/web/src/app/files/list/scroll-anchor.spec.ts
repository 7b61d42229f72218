import { sampleFile, sampleScope } from '../testing/sample-file';
import { ScrollAnchor } from './scroll-anchor';

const rowsOf = (names: string) => [...names].map((name) => sampleFile(name));

describe('ScrollAnchor', () => {
  const scope = sampleScope();
  let anchor: ScrollAnchor;

  beforeEach(() => {
    anchor = new ScrollAnchor();
    anchor.placesMoved(scope, rowsOf('abcdef'));
    anchor.hold(rowsOf('abcdef'), 2);
  });

  it('should tell how far the rows moved when others came or went above them', () => {
    expect(anchor.placesMoved(scope, rowsOf('aXYbcdef'))).toBe(2);
    expect(anchor.placesMoved(scope, rowsOf('bcdef'))).toBe(-1);
  });

  it('should stay when others came or went below', () => {
    expect(anchor.placesMoved(scope, rowsOf('abcdXef'))).toBe(0);
    expect(anchor.placesMoved(scope, rowsOf('abcd'))).toBe(0);
  });

  it('should hold on to the next row when the first in sight is gone', () => {
    expect(anchor.placesMoved(scope, rowsOf('abdef'))).toBe(0);
    expect(anchor.placesMoved(scope, rowsOf('adef'))).toBe(-1);
    expect(anchor.placesMoved(scope, rowsOf('aXbdef'))).toBe(1);
  });

  it('should say so when it is another list', () => {
    expect(anchor.placesMoved(sampleScope(), rowsOf('abc'))).toBe('anotherList');
  });
});

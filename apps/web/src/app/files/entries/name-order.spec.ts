import { compareText, foldName, sortKeyOf } from './name-order';

describe('sortKeyOf', () => {
  it('should put names in natural order when they differ in case, accents and numbers', () => {
    const names = ['Zoo', 'IMG_10', 'apple', 'IMG_2', 'Ärger', 'img_2b', 'IMG_002a'];
    names.sort((left, right) => compareText(sortKeyOf(left), sortKeyOf(right)));
    expect(names).toEqual(['apple', 'Ärger', 'IMG_2', 'IMG_002a', 'img_2b', 'IMG_10', 'Zoo']);
  });

  it('should put a short number first when another has ten digits', () => {
    expect(compareText(sortKeyOf('IMG_2'), sortKeyOf('IMG_1000000000'))).toBe(-1);
  });

  it('should compare by value when numbers are longer than a number can hold', () => {
    expect(compareText(sortKeyOf(`a${'9'.repeat(30)}`), sortKeyOf(`a1${'0'.repeat(30)}`))).toBe(-1);
  });
});

describe('foldName', () => {
  it('should find names equal when only case and accents differ', () => {
    expect(foldName('CAFÉ Ärger')).toBe('cafe arger');
  });
});

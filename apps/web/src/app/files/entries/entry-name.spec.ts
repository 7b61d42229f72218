import { quoteNames, renamedLength, splitName } from './entry-name';

describe('splitName', () => {
  it.each([
    ['Sunset.mov', 'Sunset', '.mov'],
    ['backup.tar.gz', 'backup.tar', '.gz'],
    ['.profile', '.profile', ''],
    ['.config.json', '.config', '.json'],
    ['README', 'README', ''],
    ['ends with.', 'ends with', '.'],
  ])(
    'should split %s at the last dot when it is not the first character',
    (name, stem, extension) => {
      expect(splitName(name)).toEqual({ stem, extension });
    },
  );
});

describe('renamedLength', () => {
  it('should leave the extension out when a file is renamed', () => {
    expect(renamedLength('Ferry tickets.pdf', 'file')).toBe('Ferry tickets'.length);
  });

  it('should take the whole name when a folder is renamed', () => {
    expect(renamedLength('Summer 2.0', 'folder')).toBe('Summer 2.0'.length);
  });
});

describe('quoteNames', () => {
  it.each([
    [['a'], '“a”'],
    [['a', 'b'], '“a” and “b”'],
    [['a', 'b', 'c'], '“a”, “b” and 1 more'],
  ])('should say %j in words', (names, words) => {
    expect(quoteNames(names)).toBe(words);
  });
});

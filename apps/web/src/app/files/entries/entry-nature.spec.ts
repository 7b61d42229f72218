import { sampleFile, sampleFolder } from '../testing/sample-file';
import { contentsOf, countOfEntries, sizeText } from './entry-count';
import { iconOf, kindInWords } from './entry-kind';
import { canBeDownloaded, canBeOpened, natureNote } from './entry-nature';

const LINK = sampleFile('link', { nature: 'link', linkTarget: '/etc/hosts' });
const MOUNT = sampleFolder('usb', { nature: 'mount' });
const LOCKED = sampleFolder('root', { nature: 'unreadable' });

describe('natureNote', () => {
  it('should say what an entry is and what to do about it', () => {
    expect(natureNote(sampleFile('a'))).toBeNull();
    expect(natureNote(LINK)).toContain('A symbolic link to “/etc/hosts”.');
    expect(natureNote(MOUNT)).toContain('Another disk is mounted here');
    expect(natureNote(LOCKED)).toContain('does not let HomeServer look into this folder');
  });
});

describe('canBeOpened, canBeDownloaded', () => {
  it('should open plain folders, and give whatever is plain', () => {
    const all = [sampleFolder('a'), sampleFile('b'), LINK, MOUNT, LOCKED];
    expect(all.filter(canBeOpened).map(({ id }) => id)).toEqual(['a']);
    expect(all.filter(canBeDownloaded).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('iconOf, kindInWords', () => {
  it.each([
    [LINK, 'link', 'Link'],
    [MOUNT, 'drive', 'Other disk'],
    [LOCKED, 'lock', 'Folder without permission'],
    [sampleFile('a', { nature: 'unreadable' }), 'lock', 'File without permission'],
    [sampleFolder('a'), 'folder', 'Folder'],
  ] as const)('should tell what is special from what is not', (entry, icon, words) => {
    expect([iconOf(entry), kindInWords(entry)]).toEqual([icon, words]);
  });
});

describe('countOfEntries', () => {
  it.each([
    [[sampleFile('a')], '1 file'],
    [[sampleFolder('a'), sampleFolder('b')], '2 folders'],
    [[sampleFolder('a'), sampleFile('b')], '2 items'],
  ])('should name what is counted', (entries, words) => {
    expect(countOfEntries(entries)).toBe(words);
  });
});

describe('contentsOf', () => {
  it.each([
    [0, 0, 'Empty'],
    [214, 0, '214 files'],
    [1, 2, '1 file, 2 folders'],
  ])('should tell of %s files and %s folders', (fileCount, folderCount, words) => {
    expect(contentsOf(sampleFolder('a', { fileCount, folderCount }))).toBe(words);
  });

  it('should tell no size of what has none', () => {
    expect(sizeText(LINK)).toBe('');
    expect(sizeText(sampleFile('a', { size: 5 }))).toBe('5\u00a0B');
  });
});

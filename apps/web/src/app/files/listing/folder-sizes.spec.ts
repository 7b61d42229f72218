import { sampleFile, sampleFolder } from '../testing/sample-file';
import { foldersAround } from './folder-sizes';

describe('foldersAround', () => {
  const rows = [
    sampleFolder('Raw', { storagePath: 'Summer/Raw' }),
    sampleFolder('Raw 2', { storagePath: 'Summer/Raw 2' }),
    sampleFile('x', { storagePath: 'Summer/x' }),
  ];

  it.each([
    ['Summer/Raw/a.txt', ['Raw']],
    ['Summer/Raw/deep/below/a.txt', ['Raw']],
    ['Summer/Raw 2/a.txt', ['Raw 2']],
    ['Summer/x/a.txt', []],
    ['Summer/Raw', []],
    ['Winter/Raw/a.txt', []],
  ])('should find the folders around %s', (path, names) => {
    expect(foldersAround(rows, new Set([path])).map(({ filename }) => filename)).toEqual(names);
  });
});

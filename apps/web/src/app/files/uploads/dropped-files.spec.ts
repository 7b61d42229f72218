import { sortDropped } from './dropped-files';

function item(name: string, isDirectory: boolean) {
  return {
    kind: 'file',
    webkitGetAsEntry: () => ({ name, isDirectory }),
    getAsFile: () => new File([], name),
  };
}

describe('sortDropped', () => {
  it('should take the files and name the folders when both are dropped', () => {
    const text = { kind: 'string', webkitGetAsEntry: () => null, getAsFile: () => null };
    const items = [item('a.txt', false), item('Photos', true), text, item('b.txt', false)];
    const dropped = sortDropped({ items });
    expect(dropped.files.map((file) => file.name)).toEqual(['a.txt', 'b.txt']);
    expect(dropped.folderNames).toEqual(['Photos']);
  });
});

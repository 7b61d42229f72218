import { addTyped, applyEdit, editInWords, editOf, sharedTags } from './tag-edits';

describe('addTyped', () => {
  it('should add each tag when commas part them, without doubles and empty ones', () => {
    expect(addTyped(['holiday'], ' to print , holiday,, raw')).toEqual({
      tags: ['holiday', 'to print', 'raw'],
      fault: null,
    });
  });

  it('should take two spellings for one tag when Unicode knows both', () => {
    expect(addTyped(['caf\u00e9'], 'cafe\u0301').tags).toEqual(['caf\u00e9']);
  });

  it('should keep the tags and say why when one cannot be a tag', () => {
    const typed = addTyped(['a'], 'x'.repeat(65));
    expect(typed.tags).toEqual(['a']);
    expect(typed.fault).toContain('64 characters');
  });

  it('should keep the tags and say why when there would be too many', () => {
    const full = Array.from({ length: 50 }, (_, index) => `tag ${index}`);
    expect(addTyped(full, 'one more')).toEqual({ tags: full, fault: 'At most 50 tags are kept.' });
  });
});

describe('applyEdit', () => {
  it('should keep what the edit does not speak of when tags are added and removed', () => {
    const edit = { added: ['new', 'b'], removed: ['a'] };
    expect(applyEdit(['a', 'b', 'c'], edit)).toEqual(['b', 'c', 'new']);
  });
});

describe('sharedTags', () => {
  it('should count the entries of each tag when several are edited', () => {
    const entries = [{ tags: ['a'] }, { tags: ['b', 'a'] }];
    expect(sharedTags(entries)).toEqual([
      { tag: 'a', count: 2 },
      { tag: 'b', count: 1 },
    ]);
  });
});

describe('editOf', () => {
  const before = [
    { tag: 'all', count: 3 },
    { tag: 'some', count: 2 },
    { tag: 'few', count: 1 },
  ];

  it('should give a tag of some to all when it is among those of all', () => {
    expect(editOf(before, 3, ['all', 'some', 'new'], ['few'])).toEqual({
      added: ['some', 'new'],
      removed: [],
    });
  });

  it('should remove what is neither on all nor on some any more', () => {
    expect(editOf(before, 3, [], ['some'])).toEqual({ added: [], removed: ['all', 'few'] });
  });
});

describe('editInWords', () => {
  it('should name the tag when one was added or removed', () => {
    expect(editInWords(['a'], ['a', 'b'])).toBe('Tag “b” added.');
    expect(editInWords(['a'], [])).toBe('Tag “a” removed.');
    expect(editInWords(['a'], ['b'])).toBe('Tags changed.');
  });
});

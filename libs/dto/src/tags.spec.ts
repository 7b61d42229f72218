import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  MAXIMUM_TAG_CHARACTERS,
  MAXIMUM_TAGS,
  normaliseTag,
  tagFault,
  tagListSchema,
} from './tags';

describe('tagListSchema', () => {
  it('should trim, drop empty ones and doubles, and keep the order', () => {
    expect(tagListSchema.parse([' b ', 'a', '', '  ', 'b', 'a'])).toEqual(['b', 'a']);
  });

  it('should take two spellings of one tag for one when they differ in composition only', () => {
    expect(tagListSchema.parse(['caf\u00e9', 'cafe\u0301'])).toEqual(['caf\u00e9']);
  });

  it('should point at each tag that is at fault', () => {
    const result = tagListSchema.safeParse(['fine', 'a,b', 'x'.repeat(65), 'a\u0007']);

    expect(result.error?.issues.map(({ path }) => path)).toEqual([[1], [2], [3]]);
  });

  it('should count characters and not code units when it measures a tag', () => {
    expect(tagListSchema.safeParse(['🦊'.repeat(MAXIMUM_TAG_CHARACTERS)]).success).toBe(true);
    expect(tagListSchema.safeParse(['🦊'.repeat(MAXIMUM_TAG_CHARACTERS + 1)]).success).toBe(false);
  });

  it('should count what is left after doubles are dropped when it counts tags', () => {
    const tags = Array.from({ length: MAXIMUM_TAGS }, (_, index) => `tag ${index}`);

    expect(tagListSchema.parse([...tags, 'tag 0', ''])).toEqual(tags);
    expect(tagListSchema.safeParse([...tags, 'one more']).success).toBe(false);
  });

  it('should give tags that are stored without loss, and the same again, when any texts are given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 70 }), { maxLength: 60 }),
        (texts) => {
          const result = tagListSchema.safeParse(texts);
          fc.pre(result.success);
          const tags = result.data ?? [];
          expect(new Set(tags).size).toBe(tags.length);
          for (const tag of tags) {
            expect(tagFault(tag)).toBeNull();
            expect(tag).not.toBe('');
            expect(normaliseTag(tag)).toBe(tag);
          }
          expect(
            tags
              .join(',')
              .split(',')
              .filter((tag) => tag !== ''),
          ).toEqual(tags);
          expect(tagListSchema.parse(tags)).toEqual(tags);
        },
      ),
    );
  });
});

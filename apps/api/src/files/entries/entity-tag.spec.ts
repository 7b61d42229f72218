import { describe, expect, it } from '@jest/globals';

import { InvalidInputError } from '../../platform/http/domain-error';
import { versionsOfIfMatch } from './entity-tag';

describe('versionsOfIfMatch', () => {
  it('should give the versions when the tags are ours', () => {
    expect(versionsOfIfMatch('"v12"')).toEqual([12]);
    expect(versionsOfIfMatch('"v1", "v2" , "other"')).toEqual([1, 2]);
  });

  it('should ask for nothing when the header is absent or takes any', () => {
    expect(versionsOfIfMatch(undefined)).toBeNull();
    expect(versionsOfIfMatch('*')).toBeNull();
  });

  it('should match nothing when a tag is weak or not one of ours', () => {
    expect(versionsOfIfMatch('W/"v1"')).toEqual([]);
    expect(versionsOfIfMatch('"abc"')).toEqual([]);
  });

  it('should refuse the header when it is no list of entity tags', () => {
    for (const header of ['v1', '"v1" "v2"', '', '"v1",']) {
      expect(() => versionsOfIfMatch(header)).toThrow(InvalidInputError);
    }
  });
});

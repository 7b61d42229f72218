import { describe, expect, it } from '@jest/globals';

import { InvalidInputError } from '../../platform/http/domain-error';
import { StaleVersionError } from '../files.errors';
import { versionOfIfMatch } from './entity-tag';

describe('versionOfIfMatch', () => {
  it('should give the version when the tag is one of ours', () => {
    expect(versionOfIfMatch('"v12"')).toBe(12);
  });

  it('should ask for nothing when the header is absent or takes any', () => {
    expect(versionOfIfMatch(undefined)).toBeNull();
    expect(versionOfIfMatch('*')).toBeNull();
  });

  it('should never match when the tag is weak or not one of ours', () => {
    expect(() => versionOfIfMatch('W/"v1"')).toThrow(StaleVersionError);
    expect(() => versionOfIfMatch('"abc"')).toThrow(StaleVersionError);
  });

  it('should refuse the header when it is no entity tag', () => {
    expect(() => versionOfIfMatch('v1')).toThrow(InvalidInputError);
  });
});

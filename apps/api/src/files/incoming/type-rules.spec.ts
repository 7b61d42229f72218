import { describe, expect, it } from '@jest/globals';

import { requireAcceptedType } from './type-rules';

describe('the types that a drive takes', () => {
  const isTaken = (type: string | null, acceptedTypes: string[], refusedTypes: string[] = []) => {
    const rules = { name: 'Media', acceptedTypes, refusedTypes };
    try {
      requireAcceptedType(rules, { filename: 'a', contentType: type });
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'files.type_refused', status: 422 });
      return false;
    }
  };

  it('should be all when there are no rules', () => {
    expect(isTaken('image/png', [])).toBe(true);
    expect(isTaken(null, [])).toBe(true);
  });

  it('should be those that are accepted, and no others, when some are', () => {
    expect(isTaken('image/png', ['image/*'])).toBe(true);
    expect(isTaken('image/png', ['image/png'])).toBe(true);
    expect(isTaken('image/png', ['image/jpeg', 'video/*'])).toBe(false);
    expect(isTaken('imagination/png', ['image/*'])).toBe(false);
  });

  it('should not be those that are refused, although they are accepted', () => {
    expect(isTaken('image/svg+xml', ['image/*'], ['image/svg+xml'])).toBe(false);
    expect(isTaken('image/png', ['image/*'], ['image/svg+xml'])).toBe(true);
    expect(isTaken('image/png', [], ['image/*'])).toBe(false);
  });

  it('should be taken for unknown when nobody knows it', () => {
    expect(isTaken(null, ['application/octet-stream'])).toBe(true);
    expect(isTaken(null, ['image/*'])).toBe(false);
    expect(isTaken(null, [], ['application/*'])).toBe(false);
  });
});

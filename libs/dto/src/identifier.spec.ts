import { describe, expect, it } from '@jest/globals';

import { patchFileSchema } from './files';
import { idSchema } from './identifier';

const ID = '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c';

describe('idSchema', () => {
  it('should take letters of either case for one id', () => {
    expect(idSchema.parse(ID.toUpperCase())).toBe(ID);
    expect(patchFileSchema.parse({ parentId: ID.toUpperCase() })).toEqual({ parentId: ID });
  });

  it('should refuse what is no UUID, and show one', () => {
    expect(idSchema.safeParse('7').error?.issues[0]?.message).toContain('An id is a UUID, such as');
  });
});

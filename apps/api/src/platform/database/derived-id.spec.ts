import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';

import { derivedId } from './derived-id';
import { uuid7 } from './uuid7';

describe('derivedId', () => {
  it('should be the same when the work is done again, and another one for any other work or thing', () => {
    const [work, thing] = [uuid7(), uuid7()];
    const ids = [derivedId(work, thing), derivedId(uuid7(), thing), derivedId(work, uuid7())];

    expect(derivedId(work, thing)).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it('should be a UUID of version 7 that sorts with the time of the work', () => {
    for (let turn = 0; turn < 200; turn += 1) {
      const work = uuid7();
      const id = derivedId(work, uuid7());
      expect(validate(id)).toBe(true);
      expect(version(id)).toBe(7);
      expect(id.slice(0, 13)).toBe(work.slice(0, 13));
    }
  });
});

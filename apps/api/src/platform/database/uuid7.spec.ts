import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { validate, version } from 'uuid';

import { uuid7 } from './uuid7';

const COUNT = 10_000;

describe('uuid7', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const make = () => Array.from({ length: COUNT }, () => uuid7());

  it('should make ids of version 7, each greater than the one before', () => {
    const ids = make();

    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect(new Set(ids).size).toBe(COUNT);
    expect([...ids].sort()).toEqual(ids);
  });

  it('should go on ascending when the clock goes back', () => {
    const before = uuid7();
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now - 3_600_000);

    const ids = [before, ...make()];

    expect([...ids].sort()).toEqual(ids);
  });
});

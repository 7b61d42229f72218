import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { PasswordHasher } from './password-hasher.adapter';

const PASSWORD = 'the tide was high at nine';

describe('PasswordHasher', () => {
  let hasher: PasswordHasher;

  beforeEach(() => {
    hasher = new PasswordHasher();
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('should know a password by its hash, which is Argon2id with a salt of its own', async () => {
    const [one, two] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify(PASSWORD, one)).toBe(true);
    expect(await hasher.verify(`${PASSWORD} `, one)).toBe(false);
  });

  it('should never be right without a hash, and yet do the work of one check', async () => {
    const passwordHash = await hasher.hash(PASSWORD);
    await hasher.verify(PASSWORD, null); // makes the decoy
    const before = process.cpuUsage();
    for (let turn = 0; turn < 5; turn += 1) await hasher.verify(PASSWORD, passwordHash);
    const between = process.cpuUsage();
    for (let turn = 0; turn < 5; turn += 1) expect(await hasher.verify(PASSWORD, null)).toBe(false);
    const after = process.cpuUsage();

    // Computing time, not the clock: without the decoy it would be a thousandth.
    expect(after.user - between.user).toBeGreaterThan((between.user - before.user) / 4);
  });

  it('should check a few at a time, keep as many waiting as it can answer, and refuse the rest', async () => {
    const passwordHash = await hasher.hash(PASSWORD);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, () => hasher.verify(PASSWORD, passwordHash)),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');

    expect(refused.length).toBeGreaterThanOrEqual(98);
    expect(refused.length).toBeLessThanOrEqual(99);
    expect(refused[0]).toMatchObject({ reason: { status: 503, code: 'accounts.busy' } });
    // Whoever was refused has cost nothing, and the next ones come in again.
    expect(await hasher.verify(PASSWORD, passwordHash)).toBe(true);
  }, 120_000);
});

import { describe, expect, it } from '@jest/globals';

import { versionsToThin } from './version-thinning';

const NOW = new Date('2026-11-27T12:00:00Z');
const at = (...times: string[]) =>
  times.map((time) => ({ id: time, replacedAt: new Date(`${time}Z`) }));

describe('versionsToThin', () => {
  it('should keep all when they are of the last 24 hours', () => {
    const versions = at(
      '2026-11-27T11:59:59',
      '2026-11-27T11:59:58',
      '2026-11-26T12:00:01',
      '2026-11-26T12:00:02',
    );

    expect(versionsToThin(versions, NOW)).toEqual([]);
  });

  it('should keep the last one of each day when they are of the last month', () => {
    const versions = at(
      '2026-11-25T23:59:59',
      '2026-11-25T08:00:00',
      '2026-11-25T00:00:00',
      '2026-11-24T23:59:59',
      '2026-11-24T10:00:00',
    );

    expect(versionsToThin(versions, NOW)).toEqual([
      '2026-11-24T10:00:00',
      '2026-11-25T00:00:00',
      '2026-11-25T08:00:00',
    ]);
  });

  it('should keep the last one of each week when they are of the last year', () => {
    // Weeks begin on Thursdays, as time did in 1970.
    const versions = at(
      '2026-09-09T10:00:00',
      '2026-09-04T10:00:00',
      '2026-09-03T00:00:00',
      '2026-09-02T23:00:00',
    );

    expect(versionsToThin(versions, NOW)).toEqual(['2026-09-03T00:00:00', '2026-09-04T10:00:00']);
  });

  it('should keep the last one of each month when they are older', () => {
    const versions = at(
      '2024-03-31T23:59:59',
      '2024-03-01T00:00:00',
      '2024-02-29T23:59:59',
      '2023-03-15T00:00:00',
    );

    expect(versionsToThin(versions, NOW)).toEqual(['2024-03-01T00:00:00']);
  });

  it('should find the same when they come in another order', () => {
    const versions = at('2026-11-25T08:00:00', '2026-11-25T23:00:00', '2026-11-25T12:00:00');

    expect(versionsToThin(versions, NOW)).toEqual(['2026-11-25T08:00:00', '2026-11-25T12:00:00']);
  });

  it('should end with few when it is done day after day for years', () => {
    const hour = 60 * 60 * 1000;
    let versions: { id: string; replacedAt: Date }[] = [];
    for (let time = NOW.getTime() - 800 * 24 * hour; time <= NOW.getTime(); time += 6 * hour) {
      versions.push({ id: String(time), replacedAt: new Date(time) });
      const thinned = new Set(versionsToThin(versions, new Date(time)));
      versions = versions.filter(({ id }) => !thinned.has(id));
    }
    const ages = versions.map(
      ({ replacedAt }) => (NOW.getTime() - replacedAt.getTime()) / 24 / hour,
    );

    expect(ages.filter((days) => days < 1)).toHaveLength(4);
    // The periods at both ends may be cut in two.
    const countBetween = (from: number, to: number) =>
      ages.filter((days) => days >= from && days < to).length;
    expect([29, 30]).toContain(countBetween(1, 30));
    expect([47, 48, 49]).toContain(countBetween(30, 365));
    expect([14, 15, 16]).toContain(countBetween(365, Infinity));
    expect(Math.max(...ages)).toBeGreaterThan(730);
  });

  it('should never give up the only one when time goes on', () => {
    for (const day of [0, 1, 29, 30, 364, 365, 4000]) {
      const replacedAt = new Date(NOW.getTime() - day * 24 * 60 * 60 * 1000);
      expect(versionsToThin([{ id: 'only', replacedAt }], NOW)).toEqual([]);
    }
  });
});

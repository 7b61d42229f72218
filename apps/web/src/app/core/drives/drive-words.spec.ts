import { exampleDrive } from '../testing/example-drive';
import { conditionOf, fillOf, refusalOf, toneOfFill } from './drive-words';

const IDLE = exampleDrive().index;

describe('fillOf', () => {
  it.each([
    [21, 100, 79, 'accent'],
    [20, 100, 80, 'warning'],
    [5, 100, 95, 'alarm'],
    [0, 100, 100, 'alarm'],
  ] as const)(
    'should tell a disk with %s of %s free as %s percent full, %s',
    (free, total, percent, tone) => {
      expect(fillOf({ freeBytes: free, totalBytes: total })).toEqual({ percent, tone });
    },
  );

  it('should tell nothing when the disk is away', () => {
    expect(fillOf({ freeBytes: null, totalBytes: null })).toBeNull();
    expect(fillOf({ freeBytes: 0, totalBytes: 0 })).toBeNull();
  });
});

describe('toneOfFill', () => {
  it.each([
    [79.9, 'accent'],
    [80, 'warning'],
    [94.9, 'warning'],
    [95, 'alarm'],
  ] as const)('should take %s percent for %s', (percent, tone) => {
    expect(toneOfFill(percent)).toBe(tone);
  });
});

describe('conditionOf', () => {
  it.each([
    ['Online', {}],
    ['Read-only', { readOnly: true }],
    ['Offline', { state: 'offline', readOnly: true }],
    ['Another disk', { state: 'replaced' }],
    ['Scan failed', { index: { ...IDLE, state: 'failed' } }],
    [
      'Scanning: 1,204 entries so far',
      { index: { ...IDLE, state: 'scanning', scannedCount: 1204 } },
    ],
    [
      'Indexing: 1 entry so far',
      { index: { ...IDLE, state: 'scanning', scannedCount: 1, scannedAt: null } },
    ],
  ] as const)('should say %s first', (label, values) => {
    expect(conditionOf(exampleDrive(values)).label).toBe(label);
  });

  it('should say how much is gone when it asks for a decision', () => {
    const attention = {
      reason: 'mass_removal',
      missingCount: 1204,
      entryCount: 5000,
      since: '2026-08-14T10:00:00.000Z',
    } as const;

    const { tone, text } = conditionOf(exampleDrive({ attention }));

    expect(tone).toBe('warning');
    expect(text).toContain('About 1,204 of 5,000 entries are no longer on the disk.');
  });
});

describe('conditionOf a drive with corrupted files', () => {
  it('should count them when nobody has to decide about more', () => {
    const attention = {
      reason: 'corrupted',
      corruptedCount: 1,
      since: '2026-08-14T10:00:00.000Z',
    } as const;
    const index = { ...IDLE, state: 'scanning' } as const;

    const { tone, label, text } = conditionOf(exampleDrive({ attention, index }));

    expect({ tone, label }).toEqual({ tone: 'alarm', label: 'Corrupted files' });
    expect(text).toContain('1 file is not what was stored');
  });
});

describe('refusalOf', () => {
  it.each([
    [null, {}],
    ['The drive Files is offline.', { state: 'offline' }],
    ['Another disk is in the place of the drive Files.', { state: 'replaced' }],
    ['You may look at the drive Files, but not change it.', { access: 'read' }],
    ['The drive Files is read-only.', { readOnly: true }],
  ] as const)('should say %j', (words, values) => {
    expect(refusalOf(exampleDrive(values))).toBe(words);
  });
});

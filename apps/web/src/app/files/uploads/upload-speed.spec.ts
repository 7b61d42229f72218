import { SpeedMeter, timeLeftInWords, workOf } from './upload-speed';

describe('SpeedMeter', () => {
  it('should tell no speed when it has hardly begun', () => {
    const meter = new SpeedMeter();
    meter.note(0, 0);
    meter.note(1_000_000, 1000);
    expect(meter.perSecond()).toBeNull();
  });

  it('should tell the speed of the last seconds when it changes', () => {
    const meter = new SpeedMeter();
    for (let second = 0; second <= 10; second += 1) meter.note(second * 1_000_000, second * 1000);
    for (let second = 1; second <= 10; second += 1) {
      meter.note(10_000_000 + second * 5_000_000, 10_000 + second * 1000);
    }
    expect(meter.perSecond()).toBe(5_000_000);
  });

  it('should fall when nothing is sent any more', () => {
    const meter = new SpeedMeter();
    meter.note(0, 0);
    meter.note(2_000_000, 2000);
    meter.note(2_000_000, 4000);
    expect(meter.perSecond()).toBe(500_000);
  });

  it('should begin anew when less is sent than before, as after a cancelled upload', () => {
    const meter = new SpeedMeter();
    meter.note(9_000_000, 0);
    meter.note(1_000_000, 2000);
    expect(meter.perSecond()).toBeNull();
  });
});

describe('timeLeftInWords', () => {
  it.each([
    [5, 'a few seconds left'],
    [42, '40 s left'],
    [57, '1 min left'],
    [130, '2 min left'],
    [3600 + 1500, '1 h 25 min left'],
    [86_400 * 3, '3 d left'],
  ])('should say %d seconds as a person would', (seconds, words) => {
    expect(timeLeftInWords(seconds * 1000, 1000)).toBe(words);
  });

  it('should say nothing when the speed is not known', () => {
    expect(timeLeftInWords(1000, null)).toBe('');
    expect(timeLeftInWords(1000, 0)).toBe('');
  });
});

describe('workOf', () => {
  it('should count files that have no bytes', () => {
    expect(workOf(0, 3)).toBeGreaterThan(workOf(0, 2));
    expect(workOf(5_000_000_000, 1) / workOf(5_000_000_000, 0)).toBeCloseTo(1, 3);
  });
});

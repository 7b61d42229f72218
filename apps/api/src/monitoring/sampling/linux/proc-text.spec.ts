import { describe, expect, it } from '@jest/globals';

import {
  parseDiskTransfers,
  parseLoadAverage,
  parseMemory,
  parseProcessorTimes,
  parseTraffic,
  parseUptime,
} from './proc-text';

const STAT = `cpu  400 10 200 3000 100 5 15 20 50 0
cpu0 200 5 100 1500 50 5 15 10 25 0
cpu1 200 5 100 1500 50 0 0 10 25 0
intr 12345 9 8 7
ctxt 99
btime 1790000000
`;

describe('parseProcessorTimes', () => {
  it('should count everything but idling and waiting for disks as busy', () => {
    const times = parseProcessorTimes(STAT);

    expect(times?.all).toEqual({ busy: 650, total: 3750 });
    expect(times?.cores.get(0)).toEqual({ busy: 335, total: 1885 });
  });

  it('should leave out a core when it is switched off', () => {
    const times = parseProcessorTimes(STAT.replace(/^cpu1.*\n/m, 'cpu3 1 0 0 9 0 0 0 0 0 0\n'));

    expect([...(times?.cores.keys() ?? [])]).toEqual([0, 3]);
  });

  it('should take missing columns for nothing when the kernel is old', () => {
    expect(parseProcessorTimes('cpu  1 2 3 4\n')?.all).toEqual({ busy: 6, total: 10 });
  });

  it.each(['', 'intr 1 2 3\n', 'cpu  1 2\n', 'cpu  a b c d\n'])(
    'should be null when there is no line of all processors: %j',
    (text) => {
      expect(parseProcessorTimes(text)).toBeNull();
    },
  );
});

describe('parseMemory', () => {
  const MEMINFO = `MemTotal:        8000000 kB
MemFree:          500000 kB
MemAvailable:    6000000 kB
SwapCached:           10 kB
SwapTotal:       2000000 kB
SwapFree:        1500000 kB
`;

  it('should count as used what is not available, in bytes', () => {
    expect(parseMemory(MEMINFO)).toEqual({
      totalBytes: 8_192_000_000,
      usedBytes: 2_048_000_000,
      availableBytes: 6_144_000_000,
      swapTotalBytes: 2_048_000_000,
      swapUsedBytes: 512_000_000,
    });
  });

  it('should be null in what it cannot tell when fields are missing', () => {
    expect(parseMemory('MemTotal:        8000000 kB\n')).toEqual({
      totalBytes: 8_192_000_000,
      usedBytes: null,
      availableBytes: null,
      swapTotalBytes: null,
      swapUsedBytes: null,
    });
  });
});

describe('parseLoadAverage', () => {
  it('should read the three averages', () => {
    expect(parseLoadAverage('0.92 0.81 12.77 2/345 6789\n')).toEqual([0.92, 0.81, 12.77]);
  });

  it.each(['', '0.5 0.4\n', 'a b c\n'])('should be null when there are not three: %j', (text) => {
    expect(parseLoadAverage(text)).toBeNull();
  });
});

describe('parseUptime', () => {
  it('should read the seconds', () => {
    expect(parseUptime('1051200.45 4000000.00\n')).toBe(1_051_200.45);
  });

  it('should be null when there are none', () => {
    expect(parseUptime('')).toBeNull();
  });
});

describe('parseTraffic', () => {
  const HEADINGS = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
  const line = (name: string, received: number, sent: number) =>
    `  ${name} ${received} 1 0 0 0 0 0 0 ${sent} 2 0 0 0 0 0 0\n`;

  it('should read each interface but the loopback', () => {
    const traffic = parseTraffic(HEADINGS + line('lo:', 5, 5) + line('eth0:', 1000, 200));

    expect([...traffic]).toEqual([['eth0', { receivedBytes: 1000, sentBytes: 200 }]]);
  });

  it('should keep the colons of a name', () => {
    const traffic = parseTraffic(HEADINGS + line('eth0:1:', 7, 8));

    expect(traffic.get('eth0:1')).toEqual({ receivedBytes: 7, sentBytes: 8 });
  });

  it('should read a number that follows the colon without a space', () => {
    const traffic = parseTraffic(`${HEADINGS}  eth0:4294967295 1 0 0 0 0 0 0 9 2 0 0 0 0 0 0\n`);

    expect(traffic.get('eth0')).toEqual({ receivedBytes: 4_294_967_295, sentBytes: 9 });
  });

  it('should leave out an interface when its line is cut off', () => {
    expect(parseTraffic(`${HEADINGS}  eth0: 1000 1 0\n`).size).toBe(0);
  });
});

describe('parseDiskTransfers', () => {
  it('should count in sectors of 512 bytes', () => {
    const transfers = parseDiskTransfers(
      '   8       0 sda 48395 13203 2000 22193 22652 92409 300 13910 0 10836 38875 0 0 0 0 0 0\n',
    );

    expect([...transfers]).toEqual([['sda', { readBytes: 1_024_000, writtenBytes: 153_600 }]]);
  });

  it('should leave out a line when it has too few columns', () => {
    expect(parseDiskTransfers('   8       1 sda1 1 2 3 4\n\n').size).toBe(0);
  });
});

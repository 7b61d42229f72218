import { describe, expect, it } from '@jest/globals';

import { chooseSensor, parseTemperature } from './cpu-temperature';

function sensor(driver: string, label = '', file = `${driver}/${label}`) {
  return { driver, label, file };
}

describe('chooseSensor', () => {
  it('should take the whole package when there are sensors of disks, board and cores too', () => {
    const sensors = [
      sensor('nvme', 'Composite'),
      sensor('acpitz'),
      sensor('coretemp', 'Core 0'),
      sensor('coretemp', 'Package id 0'),
    ];

    expect(chooseSensor(sensors)?.label).toBe('Package id 0');
  });

  it('should take the real temperature when AMD gives one for the fan too', () => {
    expect(chooseSensor([sensor('k10temp', 'Tctl'), sensor('k10temp', 'Tdie')])?.label).toBe(
      'Tdie',
    );
  });

  it.each(['cpu_thermal', 'cpu-thermal', 'x86_pkg_temp', 'soc-thermal', 'cpu-0-0-thermal'])(
    'should take the zone %s when there is nothing better',
    (driver) => {
      expect(chooseSensor([sensor('gpu-thermal'), sensor(driver)])?.driver).toBe(driver);
    },
  );

  it('should take none when no sensor is the processor’s', () => {
    expect(chooseSensor([sensor('acpitz'), sensor('iwlwifi_1'), sensor('drivetemp')])).toBeNull();
  });
});

describe('parseTemperature', () => {
  it('should give degrees', () => {
    expect(parseTemperature('54321\n')).toBe(54.321);
  });

  it.each([null, '', 'N/A\n', '0\n', '-273150\n', '255000\n'])(
    'should be null when the sensor tells nothing that can be: %j',
    (text) => {
      expect(parseTemperature(text)).toBeNull();
    },
  );
});

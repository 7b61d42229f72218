import { describe, expect, it } from '@jest/globals';

import { type CgroupMemory, isContainerCgroup, limitMemory } from './container';

const MACHINE = {
  totalBytes: 16_000,
  usedBytes: 6_000,
  availableBytes: 10_000,
  swapTotalBytes: 2_000,
  swapUsedBytes: 500,
};

const LIMITED: CgroupMemory = {
  maximum: '4000\n',
  current: '3000\n',
  statistics: 'anon 1500\nfile 1500\ninactive_file 1000\n',
  swapMaximum: '1000\n',
  swapCurrent: '100\n',
};

describe('isContainerCgroup', () => {
  it.each([
    '0::/docker/4f5e\n',
    '0::/system.slice/docker-4f5e.scope\n',
    '12:memory:/kubepods/burstable/pod1/4f5e\n',
    '0::/../cri-containerd-4f5e.scope\n',
    '0::/machine.slice/libpod-4f5e.scope/container\n',
    '0::/lxc.payload.web/init.scope\n',
    '1:name=systemd:/lxc/web\n',
  ])('should be true when the group is a container’s: %j', (cgroup) => {
    expect(isContainerCgroup(cgroup)).toBe(true);
  });

  it.each([
    '0::/\n',
    '0::/user.slice/user-1000.slice/session-2.scope\n',
    '0::/system.slice/docker.service\n',
    '',
  ])('should be false when it is not: %j', (cgroup) => {
    expect(isContainerCgroup(cgroup)).toBe(false);
  });
});

describe('limitMemory', () => {
  it('should take the limit for the total, and not count what the kernel can drop', () => {
    expect(limitMemory(MACHINE, LIMITED)).toEqual({
      totalBytes: 4_000,
      usedBytes: 2_000,
      availableBytes: 2_000,
      swapTotalBytes: 1_000,
      swapUsedBytes: 100,
    });
  });

  it('should not promise more than the machine has left', () => {
    const machine = { ...MACHINE, usedBytes: 15_500, availableBytes: 500 };

    expect(limitMemory(machine, LIMITED).availableBytes).toBe(500);
  });

  it.each(['max\n', null, '16000\n', '99999999\n'])(
    'should leave the machine’s figures when the limit is %j',
    (maximum) => {
      expect(limitMemory(MACHINE, { ...LIMITED, maximum })).toEqual(MACHINE);
    },
  );

  it('should be null in what it cannot tell when the group does not count', () => {
    const memory = limitMemory(MACHINE, {
      ...LIMITED,
      current: null,
      statistics: null,
      swapMaximum: 'max',
    });

    expect(memory).toMatchObject({ totalBytes: 4_000, usedBytes: null, swapTotalBytes: 2_000 });
  });
});

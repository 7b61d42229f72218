import { describe, expect, it } from '@jest/globals';

import { selectInterfaces, selectWholeDisks } from './devices';

function traffic(...names: string[]) {
  return new Map(names.map((name) => [name, { receivedBytes: 1, sentBytes: 1 }]));
}

function transfers(...names: string[]) {
  return new Map(names.map((name) => [name, { readBytes: 1, writtenBytes: 1 }]));
}

const none = () => false;

describe('selectInterfaces', () => {
  it('should show hardware alone when there is any', () => {
    const all = traffic('enp3s0', 'docker0', 'veth12ab', 'br0', 'wg0');

    expect([...selectInterfaces(all, (name) => name === 'enp3s0').keys()]).toEqual(['enp3s0']);
  });

  it('should show what does not look virtual when there is no hardware', () => {
    const all = traffic('eth0', 'ifb0', 'docker0');

    expect([...selectInterfaces(all, none).keys()]).toEqual(['eth0']);
  });

  it('should show virtual ones when there is nothing else', () => {
    expect([...selectInterfaces(traffic('veth0', 'tap1'), none).keys()]).toEqual(['veth0', 'tap1']);
  });

  it('should leave out an interface when it never carried a byte and another did', () => {
    const all = traffic('eth0').set('eth1', { receivedBytes: 0, sentBytes: 0 });

    expect([...selectInterfaces(all, () => true).keys()]).toEqual(['eth0']);
  });

  it('should show the interfaces when none of them carried anything yet', () => {
    const all = new Map([['eth0', { receivedBytes: 0, sentBytes: 0 }]]);

    expect(selectInterfaces(all, () => true).size).toBe(1);
  });

  it('should show nothing when there is nothing', () => {
    expect(selectInterfaces(new Map(), none).size).toBe(0);
  });
});

describe('selectWholeDisks', () => {
  it('should count hardware alone when the system tells which devices are', () => {
    const all = transfers('sda', 'sda1', 'dm-0', 'md0', 'loop0', 'zram0');

    expect([...selectWholeDisks(all, (name) => name === 'sda').keys()]).toEqual(['sda']);
  });

  it('should go by the names when the system does not tell', () => {
    const all = transfers(
      ...['sda', 'sda1', 'sdaa', 'vda', 'vda1', 'nvme0n1', 'nvme0n1p2', 'mmcblk0', 'mmcblk0p1'],
      ...['dm-0', 'md127', 'loop0', 'zram0', 'sr0', 'ram0'],
    );

    expect([...selectWholeDisks(all, null).keys()]).toEqual([
      'sda',
      'sdaa',
      'vda',
      'nvme0n1',
      'mmcblk0',
    ]);
  });

  it('should count a disk once when several paths lead to it', () => {
    const all = transfers('nvme0n1', 'nvme0c0n1', 'nvme0c1n1');

    expect([...selectWholeDisks(all, () => true).keys()]).toEqual(['nvme0n1']);
  });
});

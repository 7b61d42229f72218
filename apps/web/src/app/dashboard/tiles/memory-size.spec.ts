import { formatMemory, memoryText } from './memory-size';

const GIB = 1024 ** 3;

describe('formatMemory', () => {
  it.each([
    [512 * 1024 ** 2, '512', 'MB'],
    [9.4 * GIB, '9.4', 'GB'],
    [128 * GIB, '128', 'GB'],
    [1023.9 * GIB, '1.0', 'TB'],
  ])('should count as memory is sold when it is %d bytes', (bytes, value, unit) => {
    expect(formatMemory(bytes)).toEqual({ value, unit });
  });
});

describe('memoryText', () => {
  it('should leave the fraction out when the size is whole', () => {
    expect(memoryText(24 * GIB)).toBe('24\u00a0GB');
    expect(memoryText(23.4 * GIB)).toBe('23.4\u00a0GB');
  });
});

import { describe } from '@jest/globals';

/** What `npm test` found on this machine; a run of jest alone declares what it wants to use. */
const present = (process.env['TEST_CAPABILITIES'] ?? '').split(',');

/** A group of tests that needs something of the machine: where that is missing, the summary says so. */
export function describeNeeding(capability: string, title: string, tests: () => void): void {
  const group = present.includes(capability) ? describe : describe.skip;
  group(`${title} [needs ${capability}]`, tests);
}

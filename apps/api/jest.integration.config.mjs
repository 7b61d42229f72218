import base from './jest.base.mjs';

/** What is about the embedded PostgreSQL, or the process around it, is the same on any other: it runs once. */
const OF_THE_EMBEDDED_ONE = ['/platform/database/embedded-postgres/', '/src/main\\.int-spec\\.ts$'];
const isAnother = (process.env.TEST_POSTGRES_BINARIES ?? '') !== '';

/** @type {import('jest').Config} */
export default {
  ...base,
  displayName: 'api integration',
  testMatch: ['<rootDir>/src/**/*.int-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(isAnother ? OF_THE_EMBEDDED_ONE : [])],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  testTimeout: 180_000,
};

import base from './jest.base.mjs';

/** @type {import('jest').Config} */
export default {
  ...base,
  displayName: 'api integration',
  testMatch: ['<rootDir>/src/**/*.int-spec.ts'],
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  testTimeout: 60_000,
};

import base from './jest.base.mjs';

/** What is about the embedded PostgreSQL, or the process around it, is the same on any other: it runs once. */
const OF_THE_EMBEDDED_ONE = ['/platform/database/embedded-postgres/', '/src/main\\.int-spec\\.ts$'];
/** What is about disks, HTTP and processes more than about statements: on another PostgreSQL it runs in the long run. */
const ELSEWHERE_ONLY_LONG = [
  '/src/(crash|failing-machine|examples|operate|isolation|architecture)\\.int-spec\\.ts$',
  '/src/(accounts|monitoring|platform/http)/',
  '/src/drives/(storage/|drive-states|configured-drives)',
  '/src/files/(archives|claims|copies|downloads|uploads/resumable)/',
  '/src/files/indexing/(served-disk|odd-disks|indexing|folder-watch)\\.int-spec\\.ts$',
];
const isAnother = (process.env.TEST_POSTGRES_BINARIES ?? '') !== '';
const isLong = process.env.LONG === '1';
const leftOut = [
  ...(isAnother ? OF_THE_EMBEDDED_ONE : []),
  ...(isAnother && !isLong ? ELSEWHERE_ONLY_LONG : []),
];

/** @type {import('jest').Config} */
export default {
  ...base,
  displayName: 'api integration',
  testMatch: ['<rootDir>/src/**/*.int-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...leftOut],
  // Each waits for disks and servers more than it computes.
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  testTimeout: 180_000,
};

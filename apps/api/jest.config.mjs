import base from './jest.base.mjs';

/** @type {import('jest').Config} */
export default { ...base, displayName: 'api', testMatch: ['<rootDir>/src/**/*.spec.ts'] };

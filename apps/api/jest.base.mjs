import { swcOptions } from './swc-options.mjs';

/**
 * What unit and integration tests of the API share: ES modules, compiled as the build does it.
 * @type {import('jest').Config}
 */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  moduleNameMapper: { '^@homeserver/dto$': '<rootDir>/../../libs/dto/src/index.ts' },
};

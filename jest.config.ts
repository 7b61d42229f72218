import type { Config } from 'jest';

/** For editors. The Nx targets run each project with the flags that it needs. */
const config: Config = {
  projects: [
    '<rootDir>/apps/api/jest.config.mjs',
    '<rootDir>/apps/web/jest.config.mjs',
    '<rootDir>/libs/dto/jest.config.mjs',
  ],
};

export default config;

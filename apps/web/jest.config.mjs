/**
 * The web app and its library of components. Run without the flag for ES modules: Angular's bundles
 * fail under it.
 * @type {import('jest').Config}
 */
export default {
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/src', '<rootDir>/../../libs/ui/src'],
  displayName: 'web',
  preset: 'jest-preset-angular',
  testEnvironment: 'jsdom',
  setupFilesAfterEnv: ['<rootDir>/src/test-setup.ts'],
  transform: {
    '^.+\\.(ts|mjs|js|html|svg)$': [
      'jest-preset-angular',
      { tsconfig: '<rootDir>/tsconfig.spec.json', stringifyContentPathRegex: '\\.(html|svg)$' },
    ],
  },
  transformIgnorePatterns: ['node_modules/(?!.*\\.mjs$)'],
  moduleNameMapper: {
    '^@homeserver/dto$': '<rootDir>/../../libs/dto/src/index.ts',
    '^@homeserver/ui$': '<rootDir>/../../libs/ui/src/index.ts',
  },
};

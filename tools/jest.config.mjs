/**
 * The plain JavaScript around the product.
 * @type {import('jest').Config}
 */
export default {
  rootDir: import.meta.dirname,
  displayName: 'tools',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.mjs'],
  moduleFileExtensions: ['mjs', 'js', 'json'],
  transform: {},
};

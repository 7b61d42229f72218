/** @type {import('jest').Config} */
export default {
  rootDir: import.meta.dirname,
  displayName: 'dto',
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
};

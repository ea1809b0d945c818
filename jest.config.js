/** Tests are native ES modules; `swc` only strips types, `tsc` checks them. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: ['/test/e2e/', '/test/integration/', '/test/bench/'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '<rootDir>/test/support/transform.js',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Jest leaves one core free, which on a machine of two is half of them.
  maxWorkers: '100%',
  watchman: false,
};

import common from '../../jest.config.js';

/** Two files at a time: much of a test is waiting. */
export default {
  ...common,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  globalSetup: '<rootDir>/test/e2e/harness/setup.js',
  globalTeardown: '<rootDir>/test/e2e/harness/teardown.js',
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
  maxWorkers: 2,
};

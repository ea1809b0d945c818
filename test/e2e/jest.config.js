import common from '../../jest.config.js';

/** Two files at a time: each starts a control plane of its own, and much of a test is waiting. */
export default {
  ...common,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
  maxWorkers: 2,
};

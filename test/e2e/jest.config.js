import common from '../../jest.config.js';

/** One file after the other, since each starts a control plane of its own. */
export default {
  ...common,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
  maxWorkers: 1,
};

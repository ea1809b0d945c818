import common from '../../jest.config.js';

/** Against programs that stand in for AWS: moto's server, DynamoDB Local. */
export default {
  ...common,
  rootDir: '../..',
  roots: ['<rootDir>/test/integration'],
  globalSetup: '<rootDir>/test/integration/harness/setup.js',
  testPathIgnorePatterns: [],
  testTimeout: 60_000,
  maxWorkers: 2,
};

import { z } from 'zod';

const amount = z.number().min(0).max(1e12).optional();

/** `usage` of an environment: what the estimate of cost reckons with. Only our own tools read it. */
export const usageSection = z.object({
  requestsPerMonth: amount.describe('API requests a month.'),
  monthlyActiveUsers: amount.describe('People who sign in within a month.'),
  tableGb: amount.describe('Size of the table in GB.'),
  filesGb: amount.describe('Size of all files in GB.'),
  egressGb: amount.describe('GB that leave AWS a month.'),
});

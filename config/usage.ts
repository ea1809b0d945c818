import { z } from 'zod';

const amount = z.number().min(0).max(1e12).optional();

/** `usage` of an environment: what the estimate of cost reckons with. Only our own tools read it. */
export const usageSection = z.object({
  requestsPerMonth: amount.describe('Number of API requests per month.'),
  monthlyActiveUsers: amount.describe('Number of users who sign in at least once in a month.'),
  tableGb: amount.describe('Size of the table in GB.'),
  filesGb: amount.describe('Size of all uploaded files in GB.'),
  egressGb: amount.describe('Data transfer from AWS to the internet in GB per month.'),
});

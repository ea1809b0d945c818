import { z } from 'zod';

/** Name of a Kubernetes object or key in a secret. */
const kubernetesName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/);

/** What Cost Explorer calls services. */
export const SERVICE = '^[A-Za-z0-9 ()./&-]{1,100}$';

const service = z.string().regex(new RegExp(SERVICE)).describe('1 to 100 letters, digits, spaces and ()./&-.');

const alarms = z.object({
  api5xxPer5Minutes: z
    .int()
    .min(1)
    .max(100000)
    .default(10)
    .describe('Answers with status 5xx in five minutes from which on the API alarms.'),
  apiLatencyMs: z
    .int()
    .min(100)
    .max(29000)
    .default(5000)
    .describe('Milliseconds from which on the slowest hundredth of the API answers alarms.'),
  functionErrorsPer5Minutes: z
    .int()
    .min(1)
    .max(100000)
    .default(5)
    .describe('Errors of one function in five minutes from which on it alarms.'),
  functionDurationMs: z
    .int()
    .min(100)
    .max(900000)
    .default(25000)
    .describe('Milliseconds from which on the slowest hundredth of the calls of a function alarms.'),
});

/** `monitoring` of an environment: who is told what, and from when on. */
export const monitoringSection = z.object({
  slack: z
    .object({
      channel: z
        .string()
        .max(80)
        .regex(/^#[\p{Ll}\p{Lo}\p{M}\p{N}_-]+$/u)
        .describe('Channel, such as #owlnest-alerts.'),
      webhookSecretRef: z
        .object({
          name: kubernetesName.describe('Name of the secret, in the namespace of the environment.'),
          key: kubernetesName.describe('Key in the secret.'),
        })
        .describe(
          'Kubernetes secret that holds the address of the webhook; the address itself never stands in a file.',
        ),
    })
    .optional()
    .describe('Slack channel that gets alarms besides alertEmail; left out, none does.'),
  language: z.enum(['ja', 'en']).default('ja').describe('Language of alarms and reports.'),
  alarms: alarms.prefault({}).describe('Values from which on something alarms.'),
  canary: z
    .object({
      everyMinutes: z
        .int()
        .min(1)
        .max(60)
        .default(15)
        .describe('Minutes between two visits; each costs some 0.0012 US dollars.'),
    })
    .optional()
    .describe('A visitor made by a machine who signs in and reads; left out, there is none.'),
  tracing: z
    .object({
      sampledPercent: z
        .int()
        .min(0)
        .max(100)
        .default(5)
        .describe('Percent of the requests that X-Ray traces, besides the first of each second.'),
    })
    .prefault({})
    .describe('Traces of requests.'),
  serviceBudgets: z
    .record(service, z.number().min(1).max(1000000))
    .default({})
    .describe('Monthly budgets of single AWS services in US dollars, by the name in Cost Explorer: AmazonCloudWatch.'),
});

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
    .describe('Number of answers with status 5xx in five minutes that raises the alarm of the API.'),
  apiLatencyMs: z
    .int()
    .min(100)
    .max(29000)
    .default(5000)
    .describe('Latency of the API in milliseconds, at the 99th percentile, that raises its alarm.'),
  functionErrorsPer5Minutes: z
    .int()
    .min(1)
    .max(100000)
    .default(5)
    .describe('Number of errors of one function in five minutes that raises its alarm.'),
  functionDurationMs: z
    .int()
    .min(100)
    .max(900000)
    .default(25000)
    .describe('Duration of a function in milliseconds, at the 99th percentile, that raises its alarm.'),
});

/** `monitoring` of an environment: who is told what, and from when on. */
export const monitoringSection = z.object({
  slack: z
    .object({
      channel: z
        .string()
        .max(80)
        .regex(/^#[\p{Ll}\p{Lo}\p{M}\p{N}_-]+$/u)
        .describe('Slack channel, such as #owlnest-alerts.'),
      webhookSecretRef: z
        .object({
          name: kubernetesName.describe('Name of the Kubernetes secret, in the namespace of the environment.'),
          key: kubernetesName.describe('Key of the webhook address in the secret.'),
        })
        .describe(
          'Kubernetes secret that holds the address of the webhook; the address itself never stands in a file.',
        ),
    })
    .optional()
    .describe('Slack channel that receives alarms in addition to alertEmail. Without this section none does.'),
  language: z.enum(['ja', 'en']).default('ja').describe('Language of alarms and reports.'),
  alarms: alarms.prefault({}).describe('Thresholds of the alarms.'),
  canary: z
    .object({
      everyMinutes: z
        .int()
        .min(1)
        .max(60)
        .default(15)
        .describe('Minutes between two runs of the canary; each run costs some 0.0012 US dollars.'),
    })
    .optional()
    .describe('Canary: a script that signs in and reads as a visitor would. Without this section there is none.'),
  tracing: z
    .object({
      sampledPercent: z
        .int()
        .min(0)
        .max(100)
        .default(5)
        .describe('Percentage of the requests that X-Ray traces, in addition to the first request of each second.'),
    })
    .prefault({})
    .describe('Settings of AWS X-Ray.'),
  serviceBudgets: z
    .record(service, z.number().min(1).max(1000000))
    .default({})
    .describe(
      'Monthly budgets of single AWS services in US dollars, by the name of the service in Cost Explorer, such as AmazonCloudWatch.',
    ),
});

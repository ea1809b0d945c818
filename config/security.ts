import { z } from 'zod';

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** `security` of an environment as the cluster gets it. */
export const securitySection = z.object({
  guardDuty: z
    .object({
      findingsFrom: z
        .number()
        .min(1)
        .max(10)
        .default(4)
        .describe('Severity from 1 to 10 from which on a finding is told; 4 is medium.'),
      malwareProtection: z
        .boolean()
        .default(true)
        .describe('Whether uploaded files are scanned for malware, at some 0.10 US dollars a GB.'),
    })
    .prefault({})
    .describe('Amazon GuardDuty.'),
  securityHub: z
    .object({
      standards: z
        .array(z.enum(['aws-foundational', 'cis', 'nist-800-53', 'pci-dss']))
        .max(4)
        .default(['aws-foundational'])
        .describe('Standards that the account is checked against.'),
    })
    .prefault({})
    .describe('AWS Security Hub.'),
  cloudTrail: z
    .object({
      insights: z
        .boolean()
        .default(false)
        .describe('Whether unusual activity is looked for, at some 0.35 US dollars for 100000 events.'),
      dataEvents: z
        .array(z.enum(['files', 'functions', 'table']))
        .max(3)
        .default([])
        .describe('Whose single accesses are recorded, too, at 0.10 US dollars for 100000 events.'),
      objectLockDays: z
        .int()
        .min(0)
        .max(3650)
        .default(0)
        .describe('Days in which nobody, not even the account, can delete a log file; 0 locks none.'),
    })
    .prefault({})
    .describe('AWS CloudTrail.'),
  flowLogs: z
    .object({
      vpcIds: z
        .array(
          z
            .string()
            .max(21)
            .regex(/^vpc-[0-9a-f]{8,17}$/),
        )
        .max(20)
        .default([])
        .describe('Networks (VPCs) whose traffic is recorded, such as vpc-0123456789abcdef0.'),
    })
    .prefault({})
    .describe('Flow logs of networks that are there already.'),
  network: z
    .object({
      mode: z
        .enum(['public', 'private'])
        .default('public')
        .describe(
          'How functions reach AWS: by its public endpoints, or from a network of their own, whose endpoints cost some 10 US dollars each a month and zone.',
        ),
    })
    .prefault({})
    .describe('The network of the functions.'),
  incidentResponse: z
    .object({
      mode: z
        .enum(['report', 'contain'])
        .default('report')
        .describe('What happens at a severe finding: a report, or also a step that can be undone, such as a key off.'),
    })
    .prefault({})
    .describe('The answer to severe findings.'),
  retention: z
    .object({
      mode: z
        .enum(['report', 'enforce'])
        .default('report')
        .describe('What happens to data that is kept longer than promised: a report, or its deletion.'),
      legalHold: z
        .array(
          z
            .string()
            .max(50)
            .regex(new RegExp(`^(user|discussion|post|file|case)/${uuid}$`)),
        )
        .max(500)
        .default([])
        .describe('What is kept whatever its time, as <user|discussion|post|file|case>/<id>.'),
    })
    .prefault({})
    .describe('The promise how long data is kept.'),
});

/** Findings of `policy/` that are meant to be. Only our own tools read them. */
export const suppressions = z
  .array(
    z.object({
      rule: z
        .string()
        .max(20)
        .regex(/^OWL-[A-Z0-9]{1,8}-[0-9]{3}$/)
        .describe('Rule, such as OWL-S3-004.'),
      resource: z
        .string()
        .max(253)
        .regex(/^[a-z]+(\/[A-Za-z0-9.-]+)+$/)
        .describe('What the finding is about, as <layer>/<name>, such as storage/website-bucket.'),
      reason: z.string().min(10).max(500).describe('Why it is meant to be: 10 to 500 characters.'),
      expires: z
        .string()
        .max(10)
        .regex(/^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/)
        .describe('Last day on which it holds, such as 2027-06-30.'),
    }),
  )
  .max(100)
  .optional()
  .describe('Findings of the policy check that are meant to be. They never reach the cluster.');

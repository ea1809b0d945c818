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
        .describe('Lowest severity, from 1 to 10, of the findings that are reported; 4 is medium.'),
      malwareProtection: z
        .boolean()
        .default(true)
        .describe('Whether uploaded files are scanned for malware, at some 0.10 US dollars a GB.'),
    })
    .prefault({})
    .describe('Settings of Amazon GuardDuty.'),
  securityHub: z
    .object({
      standards: z
        .array(z.enum(['aws-foundational', 'cis', 'nist-800-53', 'pci-dss']))
        .max(4)
        .default(['aws-foundational'])
        .describe('Security standards that Security Hub checks the account against.'),
    })
    .prefault({})
    .describe('Settings of AWS Security Hub.'),
  cloudTrail: z
    .object({
      insights: z
        .boolean()
        .default(false)
        .describe('Whether CloudTrail Insights looks for unusual activity, at some 0.35 US dollars per 100000 events.'),
      dataEvents: z
        .array(z.enum(['files', 'functions', 'table']))
        .max(3)
        .default([])
        .describe('Resources whose data events CloudTrail records, at 0.10 US dollars per 100000 events.'),
      objectLockDays: z
        .int()
        .min(0)
        .max(3650)
        .default(0)
        .describe("Days in which no one, not even the account's root user, can delete a log file; 0 sets no lock."),
    })
    .prefault({})
    .describe('Settings of AWS CloudTrail.'),
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
        .describe('Ids of existing VPCs whose traffic is recorded, such as vpc-0123456789abcdef0.'),
    })
    .prefault({})
    .describe('Flow logs of existing VPCs.'),
  network: z
    .object({
      mode: z
        .enum(['public', 'private'])
        .default('public')
        .describe(
          'Network mode of the functions: the public endpoints of AWS, or a private network, whose endpoints cost some 10 US dollars each per month and zone.',
        ),
    })
    .prefault({})
    .describe('Network of the functions.'),
  incidentResponse: z
    .object({
      mode: z
        .enum(['report', 'contain'])
        .default('report')
        .describe(
          'Response to a severe finding: a report only, or also an action that can be undone, such as switching off an access key.',
        ),
    })
    .prefault({})
    .describe('Response to severe findings.'),
  retention: z
    .object({
      mode: z
        .enum(['report', 'enforce'])
        .default('report')
        .describe('Response to data that is older than its retention time: a report, or its deletion.'),
      legalHold: z
        .array(
          z
            .string()
            .max(50)
            .regex(new RegExp(`^(user|discussion|post|file|case)/${uuid}$`)),
        )
        .max(500)
        .default([])
        .describe(
          'Entities that are kept regardless of their retention time, as <user|discussion|post|file|case>/<id>.',
        ),
    })
    .prefault({})
    .describe('Enforcement of the retention times.'),
});

/** Findings of `policy/` that are meant to be. Only our own tools read them. */
export const suppressions = z
  .array(
    z.object({
      rule: z
        .string()
        .max(20)
        .regex(/^OWL-[A-Z0-9]{1,8}-[0-9]{3}$/)
        .describe('Id of the rule, such as OWL-S3-004.'),
      resource: z
        .string()
        .max(253)
        .regex(/^[a-z]+(\/[A-Za-z0-9.-]+)+$/)
        .describe('Subject of the finding, as <layer>/<name>, such as storage/website-bucket.'),
      reason: z.string().min(10).max(500).describe('Reason why the finding is accepted: 10 to 500 characters.'),
      expires: z
        .string()
        .max(10)
        .regex(/^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/)
        .describe('Last day on which the suppression is valid, such as 2027-06-30.'),
    }),
  )
  .max(100)
  .optional()
  .describe('Accepted findings of the policy check. They never reach the cluster.');

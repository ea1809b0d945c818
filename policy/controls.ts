import { z } from 'zod';
import { answers } from './answers.ts';
import { rules } from './rules/index.ts';

const controlSchema = z.object({
  id: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  /** Whether AWS Foundational Security Best Practices has it. */
  fsbp: z.boolean(),
  /** When it passes. */
  check: z.string(),
  /** Where it shows: in what we render, in a setting of the account, by a person, in a running account, or nowhere here. */
  scope: z.enum(['render', 'account', 'person', 'live', 'other']),
});

/** A control of AWS Security Hub. */
export type Control = z.infer<typeof controlSchema>;

/** What a control asks for and we do: rules, a setting, or nothing with a reason. */
export type Answer =
  | { readonly by: 'rule'; readonly rules: readonly string[] }
  | { readonly by: 'setting'; readonly setting: string; readonly reason: string }
  | { readonly by: 'reason'; readonly reason: string };

/** Reasons that hold for every control of a scope; `render` has none: each is answered by itself. */
const SCOPES: Readonly<Record<Exclude<Control['scope'], 'render'>, string>> = {
  account: 'A setting of the whole account; the layer Security, which does not exist yet, will own those',
  person: 'Only a person can do it',
  live: 'Only a running account shows it',
  other: 'OwlNest renders nothing that it looks at',
};

/** Services of the provider by the name with which Security Hub's ids begin. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  ACM: ['acm'],
  APIGateway: ['apigateway', 'apigatewayv2'],
  Backup: ['backup'],
  CloudFront: ['cloudfront'],
  CloudTrail: ['cloudtrail'],
  CloudWatch: ['cloudwatch', 'cloudwatchlogs'],
  Cognito: ['cognitoidp', 'cognitoidentity'],
  Config: ['configservice'],
  DynamoDB: ['dynamodb'],
  EC2: ['ec2'],
  EventBridge: ['cloudwatchevents', 'scheduler'],
  GuardDuty: ['guardduty'],
  IAM: ['iam', 'accessanalyzer'],
  KMS: ['kms'],
  Lambda: ['lambda'],
  Route53: ['route53'],
  S3: ['s3', 's3control'],
  SES: ['sesv2'],
  SNS: ['sns'],
  SQS: ['sqs'],
  SSM: ['ssm'],
  SecretsManager: ['secretsmanager'],
  WAF: ['wafv2'],
};

/** Reads `policy/data/security-controls.json`; throws for a damaged file. */
export function parseControls(text: string): readonly Control[] {
  return z.object({ controls: z.array(controlSchema) }).parse(JSON.parse(text)).controls;
}

/** Controls of the services that have a rendered resource. */
export function controlsOf(controls: readonly Control[], services: ReadonlySet<string>): readonly Control[] {
  return controls.filter(({ id }) => (SERVICES[id.split('.')[0] ?? ''] ?? []).some((service) => services.has(service)));
}

/** What answers a control; undefined when nothing does. */
export function answerTo({ id, scope }: Control): Answer | undefined {
  const met = rules.filter(({ controls }) => controls.includes(id)).map((rule) => rule.id);
  if (met.length > 0) return { by: 'rule', rules: met };
  const own = Object.hasOwn(answers, id) ? answers[id] : undefined;
  if (own !== undefined) {
    const { setting, reason } = own;
    return setting === undefined ? { by: 'reason', reason } : { by: 'setting', setting, reason };
  }
  return scope === 'render' ? undefined : { by: 'reason', reason: SCOPES[scope] };
}

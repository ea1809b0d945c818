import type { EnvironmentFile } from '../../config/environment.ts';
import { parseEnvironments, type ParsedEnvironments } from '../../config/parse.ts';

/** The shortest legal file: six keys. */
export const MINIMAL = {
  $schema: './environment.schema.json',
  environment: 'development',
  domainName: 'dev.owlnest.example',
  alertEmail: 'alerts@owlnest.example',
  budgetLimit: 60,
  account: '210987654321',
};

/** Everything that a file may say, as a team in production would say it. */
export const FULL = {
  $schema: './environment.schema.json',
  environment: 'production',
  domainName: 'owlnest.example',
  alertEmail: 'alerts@owlnest.example',
  budgetLimit: 265,
  account: '123456789012',
  region: 'ap-northeast-1',
  replicaRegion: 'ap-northeast-3',
  accountScope: 'owner',
  tier: 'production',
  release: '1.4.0',
  contacts: {
    technicalLead: 'tech-lead@owlnest.example',
    operations: 'devops@owlnest.example',
    onCall: 'oncall@owlnest.example',
  },
  tags: { costCenter: 'community', owner: 'platform-team' },
  protectData: true,
  allowRemoval: ['storage/Table/production-storage-old-table', 'storage/Table/production-storage-old-table.GSI1'],
  storage: {
    table: {
      billing: 'provisioned',
      capacity: { minReadUnits: 5, maxReadUnits: 100, minWriteUnits: 5, maxWriteUnits: 100 },
      replica: true,
      contributorInsights: 'throttled-keys',
    },
    files: {
      replica: true,
      versionsKeptDays: 30,
      intelligentTieringAfterDays: 30,
      extraUploadOrigins: ['http://localhost:5173'],
      objectLockDays: 30,
    },
    logs: { retentionDays: 400 },
  },
  domain: { zone: { adopt: 'Z0123456789ABCDEFGHIJ' }, dnssec: false },
  identity: {
    mfa: 'optional',
    plan: 'essentials',
    threatProtection: 'off',
    accessTokenMinutes: 15,
    refreshTokenDays: 30,
    email: { from: 'no-reply@owlnest.example', sender: 'ses' },
  },
  api: {
    throttle: { requestsPerSecond: 200, burst: 400 },
    logLevel: 'info',
    logRetentionDays: 30,
    metricsPerRoute: false,
    extraCorsOrigins: ['http://localhost:3000', 'https://admin.owlnest.example'],
    functions: {
      discussion: { memoryMb: 512 },
      'file-scan': { memoryMb: 1024, reservedConcurrency: 10 },
    },
  },
  edge: {
    priceClass: '200',
    waf: {
      mode: 'block',
      requestsPer5Minutes: 2000,
      signInRequestsPer5Minutes: 100,
      blockedCountries: ['KP'],
      countOnly: ['SizeRestrictions_BODY'],
      regionalAcl: false,
      logs: 'blocked',
    },
    contentSecurityPolicy: "default-src 'self'; img-src 'self' data:; connect-src 'self' wss://ws.owlnest.example",
    shieldAdvanced: false,
  },
  monitoring: {
    slack: { channel: '#owlnest-alerts', webhookSecretRef: { name: 'slack', key: 'webhookUrl' } },
    language: 'ja',
    alarms: { api5xxPer5Minutes: 10, apiLatencyMs: 5000, functionErrorsPer5Minutes: 5, functionDurationMs: 25000 },
    canary: { everyMinutes: 15 },
    tracing: { sampledPercent: 5 },
    serviceBudgets: { AmazonCloudWatch: 40 },
  },
  security: {
    guardDuty: { findingsFrom: 4.5, malwareProtection: true },
    securityHub: { standards: ['aws-foundational'] },
    cloudTrail: { insights: true, dataEvents: ['table'], objectLockDays: 0 },
    flowLogs: { vpcIds: ['vpc-0123456789abcdef0'] },
    network: { mode: 'public' },
    incidentResponse: { mode: 'report' },
    retention: { mode: 'enforce', legalHold: ['user/01890a5d-ac96-774b-bcce-b302099a8057'] },
    suppressions: [
      {
        rule: 'OWL-S3-004',
        resource: 'storage/website-bucket',
        reason: 'Served through CloudFront with public content only',
        expires: '2027-06-30',
      },
    ],
  },
  backup: {
    daily: { at: '02:00', retentionDays: 35 },
    weekly: { on: 'sunday', at: '03:00', retentionDays: 365, coldAfterDays: 30 },
    copyTo: { plans: ['weekly'], region: 'eu-west-1' },
    lock: 'governance',
    drill: { dayOfMonth: 5, rtoHours: 4, rpoHours: 1 },
  },
  usage: { requestsPerMonth: 3000000, monthlyActiveUsers: 2000, tableGb: 3, filesGb: 40, egressGb: 60 },
} satisfies EnvironmentFile;

/** The result for one file with this text. */
export function parseText(text: string): ParsedEnvironments {
  return parseEnvironments([{ path: 'config/development.json', text }]);
}

/** The messages for the shortest file with these changes. */
export function messagesFor(changes: Readonly<Record<string, unknown>>): readonly string[] {
  return parseText(JSON.stringify({ ...MINIMAL, ...changes })).problems.map(({ message }) => message);
}

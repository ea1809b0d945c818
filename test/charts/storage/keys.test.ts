import { describe, expect, it } from '@jest/globals';
import { actionsOf, ACCOUNT, forProvider, HERE, statements, THERE } from '../../support/layer.ts';
import { EVERYTHING, storageWith } from './rendered.ts';

const plain = storageWith();
const whole = storageWith(EVERYTHING);

/** What an action does with a key, when it is no administration. */
const USE = /^kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey|GenerateMac|VerifyMac|CreateGrant|Sign|Verify)/;

describe('keys', () => {
  it('are few, since each costs by existing', () => {
    expect(plain.all('Key')).toHaveLength(3);
    expect(plain.all('ReplicaKey')).toEqual([]);
    expect(whole.all('Key')).toHaveLength(3);
    expect(whole.all('ReplicaKey')).toHaveLength(1);
  });

  it('that encrypt rotate, and all are hard to delete', () => {
    for (const name of ['data-key', 'log-groups-key']) {
      expect(forProvider(plain.one('Key', name))).toMatchObject({ enableKeyRotation: true, isEnabled: true });
    }
    for (const key of plain.all('Key')) {
      expect(forProvider(key)['deletionWindowInDays']).toBe(30);
      expect(key.spec?.['managementPolicies']).not.toContain('Delete');
    }
    expect(whole.one('ReplicaKey', 'data-replica-key').spec?.['managementPolicies']).not.toContain('Delete');
  });

  it('for data can be replicated at any later time: the flag cannot change', () => {
    expect(forProvider(plain.one('Key', 'data-key'))['multiRegion']).toBe(true);
    const replica = forProvider(whole.one('ReplicaKey', 'data-replica-key'));
    const { arn, keyId } = Object(whole.one('Key', 'data-key').status?.['atProvider']) as Record<string, string>;
    expect(replica).toMatchObject({ region: THERE, primaryKeyArn: arn });
    expect(keyId).toMatch(/^mrk-[0-9a-f]{32}$/);
  });

  it('for cursors sign (HMAC), which KMS does not rotate', () => {
    expect(forProvider(plain.one('Key', 'cursors-key'))).toMatchObject({
      keyUsage: 'GENERATE_VERIFY_MAC',
      customerMasterKeySpec: 'HMAC_256',
      enableKeyRotation: false,
    });
  });

  it('have an alias each, the replica in its own region', () => {
    const aliases = whole.all('Alias').map((alias) => {
      const name = alias.metadata.annotations?.['crossplane.io/external-name'];
      return `${String(forProvider(alias)['region'])} ${name ?? ''}`;
    });
    expect(aliases.sort()).toEqual([
      `${HERE} owlnest-cursors-production`,
      `${HERE} owlnest-data-production`,
      `${HERE} owlnest-log-groups-production`,
      `${THERE} owlnest-data-production`,
    ]);
  });

  it('are reported with the ids that AWS made up, so that they can be recorded', () => {
    const identities = Object(plain.all('Storage')[0]?.status?.['identities']) as Record<string, string>;
    expect(identities['Key.kms.aws.m.upbound.io/production-storage-data-key']).toMatch(/^mrk-/);
    expect(Object.keys(identities).filter((id) => id.startsWith('Key.'))).toHaveLength(3);
  });
});

describe('the policy of every key', () => {
  const keys = [...whole.all('Key'), ...whole.all('ReplicaKey')].map((key) => [key.metadata.name, key] as const);

  it.each(keys)('%s lets nobody use it without a condition, and names no role', (_, key) => {
    for (const statement of statements(key)) {
      expect(statement.Effect).toBe('Allow');
      const uses = actionsOf(statement).filter((action) => USE.test(action) || action === 'kms:*');
      expect(uses.length === 0 || statement.Condition !== undefined).toBe(true);
      const principal = JSON.stringify(statement.Principal);
      expect(principal).toMatch(
        new RegExp(`^{"AWS":"arn:aws:iam::${ACCOUNT}:root"}$|^{"Service":"[a-z.0-9-]+\\.amazonaws\\.com"}$`),
      );
    }
  });

  it.each(keys)('%s leaves its administration to the account', (_, key) => {
    // KMS refuses a policy that locks out whoever writes it.
    const administration = statements(key).find(({ Sid }) => Sid === 'AccountAdministers');
    const actions = administration === undefined ? [] : actionsOf(administration);
    expect(actions).toContain('kms:PutKeyPolicy');
    expect(actions.filter((action) => USE.test(action))).toEqual([]);
  });

  it.each([
    ['data-key', HERE],
    ['data-replica-key', THERE],
  ])('%s is used through DynamoDB and S3 of its own region only', (name, region) => {
    const key = name === 'data-key' ? whole.one('Key', name) : whole.one('ReplicaKey', name);
    const conditions = statements(key).filter(({ Condition }) => Condition !== undefined);
    expect(conditions.map(({ Sid }) => Sid)).toEqual(['AccountUsesThroughServices', 'ServicesGrantThemselves']);
    for (const { Condition } of conditions) {
      expect(Condition?.['StringEquals']).toEqual({
        'kms:CallerAccount': ACCOUNT,
        'kms:ViaService': [`dynamodb.${region}.amazonaws.com`, `s3.${region}.amazonaws.com`],
      });
    }
    expect(conditions[1]?.Condition?.['Bool']).toEqual({ 'kms:GrantIsForAWSResource': 'true' });
  });

  it('of log groups lets CloudWatch Logs use it, for log groups of this environment only', () => {
    const use = statements(whole.one('Key', 'log-groups-key')).find(({ Condition }) => Condition !== undefined);
    expect(use?.Principal).toEqual({ Service: `logs.${HERE}.amazonaws.com` });
    expect(use?.Condition).toEqual({
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${HERE}:${ACCOUNT}:log-group:*owlnest-*-production`,
      },
    });
  });
});

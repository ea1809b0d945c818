import { describe, expect, test } from '@jest/globals';
import { activationOf, assertActivated } from '../../../charts/platform/index.ts';
import { managed, rendered, schemas } from './rendered.ts';

const key = managed('kms.aws.m.upbound.io/v1beta1', 'Key', 'data');
const alias = (ref: string) =>
  managed('kms.aws.m.upbound.io/v1beta1', 'Alias', 'data-alias', { targetKeyIdRef: { name: ref } });

describe('activationOf', () => {
  test('names exactly the kinds of the managed resources that are rendered', () => {
    const objects = rendered('staging');
    const kinds = new Set(
      objects
        .filter(({ apiVersion }) => apiVersion.includes('.aws.m.upbound.io/'))
        .map((object) => `${schemas.find(object)?.plural ?? ''}.${object.apiVersion.split('/')[0] ?? ''}`),
    );
    expect(kinds.size).toBeGreaterThan(5);
    expect(activationOf(objects, schemas)).toEqual([...kinds].sort());
    expect(activationOf(objects, schemas)).toContain('tables.dynamodb.aws.m.upbound.io');
  });

  test('is the same whatever the order of the objects, and names a kind once', () => {
    const objects = [key, alias('data'), { ...key, metadata: { ...key.metadata, name: 'other' } }];
    const expected = ['aliases.kms.aws.m.upbound.io', 'keys.kms.aws.m.upbound.io'];
    expect(activationOf(objects, schemas)).toEqual(expected);
    expect(activationOf([...objects].reverse(), schemas)).toEqual(expected);
  });

  test('includes the target of a reference', () => {
    expect(activationOf([key, alias('data')], schemas)).toContain('keys.kms.aws.m.upbound.io');
  });

  test('takes a reference to nothing for an error that names the place', () => {
    expect(() => activationOf([key, alias('date')], schemas)).toThrow(
      'spec.forProvider.targetKeyIdRef of Alias.kms.aws.m.upbound.io/data-alias in namespace owlnest-staging names date, ' +
        'which nothing renders; write the name of a rendered resource.',
    );
  });

  test('looks for the target in the namespace that the reference says', () => {
    const elsewhere = { ...key, metadata: { name: 'data', namespace: 'owlnest-production' } };
    expect(() => activationOf([elsewhere, alias('data')], schemas)).toThrow('names data, which nothing renders');
    const far = managed('kms.aws.m.upbound.io/v1beta1', 'Alias', 'far', {
      targetKeyIdRef: { name: 'data', namespace: 'owlnest-production' },
    });
    expect(activationOf([elsewhere, far], schemas)).toHaveLength(2);
  });

  test('takes a reference that several kinds answer to for an error', () => {
    const bucket = managed('s3.aws.m.upbound.io/v1beta1', 'Bucket', 'data');
    expect(() => activationOf([key, bucket, alias('data')], schemas)).toThrow(
      'names data, which is Bucket and Key; give each a name of its own.',
    );
  });

  test('follows references in lists and in lists of references', () => {
    const nested = managed('dynamodb.aws.m.upbound.io/v1beta1', 'Table', 'table', {
      replica: [{ regionName: 'us-west-2' }, { regionName: 'us-west-1', kmsKeyArnRef: { name: 'lost' } }],
    });
    expect(() => activationOf([nested], schemas)).toThrow('spec.forProvider.replica[1].kmsKeyArnRef of Table');
    const list = managed('lambda.aws.m.upbound.io/v1beta1', 'Function', 'fn', {
      vpcConfig: { subnetIdRefs: [{ name: 'lost' }] },
    });
    expect(() => activationOf([list], schemas)).toThrow('spec.forProvider.vpcConfig.subnetIdRefs[0] of Function');
  });

  test('takes a reference to a secret for none', () => {
    const secret = managed('secretsmanager.aws.m.upbound.io/v1beta1', 'SecretVersion', 'version', {
      secretStringSecretRef: { name: 'password', key: 'password' },
    });
    expect(activationOf([secret], schemas)).toEqual(['secretversions.secretsmanager.aws.m.upbound.io']);
  });

  test('refuses a target that is found by labels', () => {
    const selecting = managed('kms.aws.m.upbound.io/v1beta1', 'Alias', 'data-alias', {
      targetKeyIdSelector: { matchLabels: { purpose: 'data' } },
    });
    expect(() => activationOf([key, selecting], schemas)).toThrow('finds its target by labels');
  });

  test('refuses a kind of the provider that the lock lacks', () => {
    const unknown = managed('gamelift.aws.m.upbound.io/v1beta1', 'Fleet', 'fleet');
    expect(() => activationOf([unknown], schemas)).toThrow(
      'Fleet.gamelift.aws.m.upbound.io/fleet in namespace owlnest-staging is of a kind that the schema lock does not have',
    );
  });
});

describe('assertActivated', () => {
  test('passes what is activated', () => {
    expect(() => {
      assertActivated([key], schemas, ['keys.kms.aws.m.upbound.io']);
    }).not.toThrow();
  });

  test('names the kind that nothing activates, and a resource that needs it', () => {
    expect(() => {
      assertActivated([key, alias('data')], schemas, ['keys.kms.aws.m.upbound.io']);
    }).toThrow(
      'Nothing activates aliases.kms.aws.m.upbound.io, which Alias.kms.aws.m.upbound.io/data-alias in namespace ' +
        'owlnest-staging needs; add it to the activation policy.',
    );
  });
});

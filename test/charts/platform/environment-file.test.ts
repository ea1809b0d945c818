import { describe, expect, test } from '@jest/globals';
import { environmentFile } from '../../../charts/platform/index.ts';
import { ACCOUNT, environment, release, schemas } from './rendered.ts';

const file = (protectData: boolean) =>
  environmentFile({
    environment: environment('production'),
    account: ACCOUNT,
    region: 'ap-northeast-1',
    protectData,
    release,
  });

describe('environmentFile', () => {
  test('has the namespace, the way to the account, the Environment and its guard, in this order', () => {
    expect(file(true).map(({ kind }) => kind)).toEqual(['Namespace', 'ProviderConfig', 'Environment', 'Usage']);
    expect(file(true).map(({ metadata }) => metadata.namespace ?? metadata.name)).toEqual(
      Array(4).fill('owlnest-production'),
    );
  });

  test('names the ProviderConfig as the environment, and takes on the role in its account', () => {
    const config = file(true)[1];
    expect(config).toEqual({
      apiVersion: 'aws.m.upbound.io/v1beta1',
      kind: 'ProviderConfig',
      metadata: { name: 'production', namespace: 'owlnest-production' },
      spec: {
        credentials: { source: 'PodIdentity' },
        assumeRoleChain: [{ roleARN: 'arn:aws:iam::123456789012:role/owlnest-provisioner' }],
      },
    });
    if (config === undefined) throw new Error('There is no ProviderConfig.');
    expect(schemas.find(config)?.validate(config)).toEqual([]);
  });

  test('guards the Environment by a reason, for as long as nobody deletes the guard', () => {
    const guard = file(true).find(({ kind }) => kind === 'Usage');
    expect(guard?.spec).toEqual({
      of: { apiVersion: 'owlnest.io/v1alpha1', kind: 'Environment', resourceRef: { name: 'production' } },
      reason: 'production protects its data; to give it up for good, delete Usage production-guard first.',
    });
  });

  test('has no guard where data is not protected', () => {
    expect(file(false).map(({ kind }) => kind)).toEqual(['Namespace', 'ProviderConfig', 'Environment']);
  });

  test('pins an Environment that is not pinned, and leaves a pin alone', () => {
    expect(file(true)[2]?.spec).toMatchObject({ crossplane: { compositionRef: { name: 'environment-0-1-0' } } });
    const old = { compositionRef: { name: 'environment-0-0-9' } };
    const { spec, ...rest } = environment('production');
    const pinned = environmentFile({
      environment: { ...rest, spec: { ...spec, crossplane: old } },
      account: ACCOUNT,
      region: 'ap-northeast-1',
      protectData: false,
      release,
    });
    expect(pinned[2]?.spec?.['crossplane']).toEqual(old);
  });

  test('refuses an Environment outside its namespace', () => {
    const lost = { ...environment('production'), metadata: { name: 'production', namespace: 'default' } };
    expect(() =>
      environmentFile({ environment: lost, account: ACCOUNT, region: 'ap-northeast-1', protectData: true, release }),
    ).toThrow('The Environment production stands in namespace default; put it into owlnest-production.');
  });
});

test('names the role in the partition of the region', () => {
  const objects = environmentFile({
    environment: environment('production'),
    account: ACCOUNT,
    region: 'cn-north-1',
    protectData: true,
    release,
  });
  expect(JSON.stringify(objects)).toContain(`arn:aws-cn:iam::${ACCOUNT}:role/owlnest-provisioner`);
});

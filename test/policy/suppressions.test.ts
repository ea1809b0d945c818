import { describe, expect, it } from '@jest/globals';
import { ApiObject, JsonPatch } from 'cdk8s';
import { compositeKinds } from '../../charts/index.ts';
import { loadEnvironments, type LoadedEnvironment } from '../../cli/environments.ts';
import { UserError } from '../../cli/errors.ts';
import { convergeEnvironment, refuseFindings, type ConvergedEnvironment } from '../../cli/rendering.ts';
import { checkPolicy, type PolicyResult } from '../../cli/policy.ts';
import { createComposer } from '../../crossplane/compose/compose.ts';
import type { Composer } from '../../crossplane/compose/types.ts';
import type { BuiltChart } from '../../crossplane/definition/definition.ts';
import type { Suppression } from '../../policy/suppressions.ts';
import { toolchain } from '../support/layer.ts';

const [staging] = loadEnvironments(toolchain.schemas, toolchain.release).filter(({ name }) => name === 'staging');

/** A release whose bucket of reports lets public policies be. */
const careless = createComposer(
  compositeKinds.map((kind) => ({ ...kind, build: (...args) => weakened(kind.build(...args)) })),
  toolchain.schemas,
  toolchain.release,
);

function weakened(built: BuiltChart): BuiltChart {
  if ('violations' in built) return built;
  const block = built.chart.node.findAll().filter((one) => ApiObject.isApiObject(one));
  for (const one of block.filter(({ name }) => name === 'staging-storage-reports-public-access')) {
    one.addJsonPatch(JsonPatch.replace('/spec/forProvider/blockPublicPolicy', false));
  }
  return built;
}

function converged(composer: Composer, suppressions: readonly Suppression[] = []): ConvergedEnvironment {
  return convergeEnvironment(fileWith(suppressions), { ...toolchain, composer }, '2026-11-25');
}

function fileWith(suppressions: readonly Suppression[]): LoadedEnvironment {
  if (staging === undefined) throw new Error('There is no staging.');
  return { ...staging, config: { ...staging.config, security: { suppressions: [...suppressions] } } };
}

/** The sentences with which `npm start` ends; none when it writes. */
function refused(one: ConvergedEnvironment): readonly string[] {
  try {
    refuseFindings([one], toolchain);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.sentences;
    throw error;
  }
}

const weak = converged(careless);
const sound = converged(toolchain.composer);

/** What is said of what one release has made, with these entries in the file, on a day. */
function checked(
  { objects }: ConvergedEnvironment,
  entries: readonly Suppression[],
  today = '2026-11-25',
): PolicyResult {
  return checkPolicy(fileWith(entries), objects, toolchain.schemas, today);
}

const meant: Suppression = {
  rule: 'OWL-S3-001',
  resource: 'storage/reports-bucket',
  reason: 'The auditors read it from their own account.',
  expires: '2026-12-31',
};

describe('a resource that breaks a rule', () => {
  it('is a finding with rule, resource, why and what to do', () => {
    expect(refused(weak)).toEqual([
      'staging, storage: Bucket.s3.aws.m.upbound.io/staging-storage-reports-bucket breaks OWL-S3-001: A bucket blocks all public access, but blockPublicPolicy is not on. Why: One wrong policy or access list would show every object to the whole internet. Fix: Give it a BucketPublicAccessBlock with all four blocks on; or suppress it, as storage/reports-bucket, with a reason. (rule: OWL-S3-001)',
    ]);
    expect(Object.fromEntries(weak.report.layers.map(({ name, findings }) => [name, findings.length]))).toEqual({
      identity: 0,
      storage: 1,
    });
    expect(refused(sound)).toEqual([]);
  });

  it('is none where the file says that it is meant to be', () => {
    const one = converged(careless, [meant]);
    expect(refused(one)).toEqual([]);
    expect(one.suppressed).toEqual([
      'staging: OWL-S3-001 is suppressed for storage/reports-bucket until 2026-12-31: The auditors read it from their own account.',
    ]);
  });
});

describe('a suppression', () => {
  it('holds up to and with its last day; then it is refused, and the finding is back', () => {
    expect(checked(weak, [meant], '2026-12-31')).toMatchObject({ findings: [], problems: [] });
    const { findings, problems, suppressed } = checked(weak, [meant], '2027-01-01');
    expect(findings.map(({ rule }) => rule)).toEqual(['OWL-S3-001']);
    expect(problems).toEqual([
      'config/staging.json: security.suppressions[0] of OWL-S3-001 for storage/reports-bucket held until 2026-12-31; mend the resource, or write a later day.',
    ]);
    expect(suppressed).toEqual([]);
  });

  it('of a rule that is not there is refused', () => {
    expect(checked(sound, [{ ...meant, rule: 'OWL-S3-099' }]).problems).toEqual([
      'config/staging.json: security.suppressions[0].rule is OWL-S3-099, which is no rule; write one of docs/reference/policy.md (did you mean OWL-S3-009?).',
    ]);
    const one = converged(toolchain.composer, [{ ...meant, rule: 'OWL-EKS-001' }]);
    expect(refused(one)).toEqual([expect.stringContaining('which is no rule')]);
  });

  it('that suppresses nothing is refused: it would hide the next breach', () => {
    expect(checked(sound, [meant]).problems).toEqual([
      'config/staging.json: security.suppressions[0] suppresses nothing: storage/reports-bucket does not break OWL-S3-001; remove the entry.',
    ]);
    const misspelt = checked(weak, [{ ...meant, resource: 'storage/report-bucket' }]);
    expect(misspelt.problems).toHaveLength(1);
    expect(misspelt.findings).toHaveLength(1);
  });
});

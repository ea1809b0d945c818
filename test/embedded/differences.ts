import type { Sequence } from './applies.ts';
import { MANAGERS } from './applies.ts';

const [OURS, OTHER] = MANAGERS;
const kms = { apiVersion: 'kms.aws.m.upbound.io/v1beta1' };
const grant = { region: 'eu-west-1', granteePrincipal: 'a', operations: ['Encrypt'] };

/**
 * Sequences at which the embedded store does otherwise than the API server, each with what the API server answers to
 * the last apply: found with random sequences against a real one, and checked there by `test/e2e/api-server-contract.test.ts`.
 */
export const DIFFERENCES: readonly {
  readonly what: string;
  readonly sequence: Sequence;
  /** `forProvider` at the end; undefined for a refusal. */
  readonly forProvider: Readonly<Record<string, unknown>> | undefined;
}[] = [
  {
    what: 'a set that is no longer declared goes as a whole',
    sequence: {
      ...kms,
      kind: 'Grant',
      applies: [
        { manager: OURS, spec: { forProvider: { ...grant, grantCreationTokens: ['x'] } } },
        { manager: OURS, spec: { forProvider: grant } },
      ],
    },
    forProvider: grant,
  },
  {
    what: 'a set that is emptied goes as a whole',
    sequence: {
      ...kms,
      kind: 'Grant',
      applies: [
        { manager: OURS, spec: { forProvider: { ...grant, grantCreationTokens: ['x'] } } },
        { manager: OURS, spec: { forProvider: { ...grant, grantCreationTokens: [] } } },
      ],
    },
    forProvider: grant,
  },
  {
    what: 'defaults, which nobody owns, go with the object that they stand in',
    sequence: {
      ...kms,
      kind: 'Grant',
      applies: [
        {
          manager: OURS,
          spec: { forProvider: { ...grant, keyIdRef: { name: 'a', policy: { resolve: 'Always' } } } },
        },
        { manager: OURS, spec: { forProvider: grant } },
      ],
    },
    forProvider: grant,
  },
  {
    what: 'what another manager adds to a set comes after what is there',
    sequence: {
      ...kms,
      kind: 'Grant',
      applies: [
        { manager: OURS, spec: { forProvider: { ...grant, operations: ['Encrypt'] } } },
        { manager: OTHER, spec: { forProvider: { ...grant, operations: ['Decrypt'] } } },
      ],
    },
    forProvider: { ...grant, operations: ['Encrypt', 'Decrypt'] },
  },
  {
    what: 'a map that another manager applied empty becomes null, and is refused',
    sequence: {
      ...kms,
      kind: 'Key',
      applies: [
        { manager: OURS, spec: { forProvider: { region: 'eu-west-1', tags: { one: 'a' } } } },
        { manager: OTHER, spec: { forProvider: { region: 'eu-west-1', tags: {} } } },
        { manager: OURS, spec: { forProvider: { region: 'eu-west-1' } } },
      ],
    },
    forProvider: undefined,
  },
];

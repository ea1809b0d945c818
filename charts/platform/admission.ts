import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { EXTERNAL_NAME_ANNOTATION, PREVIEW_ANNOTATION } from '../../crossplane/reference/marks.ts';
import { CORE_ACCOUNT, NAMESPACE_PREFIX, PROVIDER_ACCOUNT, PROVIDER_GROUP, usernameOf } from './names.ts';

/** Who may change managed resources: core, and the providers, which write what a reference resolved to. */
const OPERATORS: readonly string[] = [usernameOf(CORE_ACCOUNT), usernameOf(PROVIDER_ACCOUNT)];

const IN_AN_ENVIRONMENT = [
  { name: 'in-an-environment', expression: `request.namespace.startsWith(${cel(NAMESPACE_PREFIX)})` },
];

/**
 * The admission policies and their bindings. `groups` are all groups of the provider, not only those rendered now: an
 * environment pinned to an older release may have others. `operators` are usernames.
 */
export function admissionObjects(
  groups: readonly string[],
  operators: readonly string[] = OPERATORS,
): readonly KubernetesObject[] {
  return [
    ...policyWithBinding('owlnest-managed-resources', guardManagedResources(groups, operators)),
    ...policyWithBinding('owlnest-accounts', keepAccounts()),
    ...policyWithBinding('owlnest-previews', refusePreviews()),
  ];
}

function policyWithBinding(name: string, spec: JsonObject): readonly KubernetesObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name }, spec },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}

/** The provider's packages grant every editor of a namespace all rights on managed resources; this takes them back. */
function guardManagedResources(groups: readonly string[], operators: readonly string[]): JsonObject {
  const namespace = `request.namespace.substring(${NAMESPACE_PREFIX.length})`;
  const externalName = `metadata.?annotations[?${cel(EXTERNAL_NAME_ANNOTATION)}].orValue('')`;
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: groups,
          apiVersions: ['*'],
          operations: ['CREATE', 'UPDATE'],
          // Without subresources: status is the provider's, and no AWS resource follows from it.
          resources: ['*'],
          scope: 'Namespaced',
        },
      ],
    },
    matchConditions: IN_AN_ENVIRONMENT,
    variables: [
      { name: 'operator', expression: `request.userInfo.username in [${operators.map(cel).join(', ')}]` },
      {
        name: 'same',
        // Labels, finalizers and the like are everybody's who may update the object, the garbage collector's above all.
        expression: `oldObject != null && object.spec == oldObject.spec && object.${externalName} == oldObject.${externalName}`,
      },
      {
        name: 'ownConfig',
        // In one expression: an optional value that is kept in a variable is lost there.
        expression:
          `object.spec.?providerConfigRef.?kind.orValue('') == 'ProviderConfig' && ` +
          `object.spec.?providerConfigRef.?name.orValue('') == ${namespace}`,
      },
    ],
    validations: [
      {
        expression: 'variables.operator || variables.same',
        message:
          'Only Crossplane changes managed resources: change the file of the environment in git and let it be applied.',
        reason: 'Forbidden',
      },
      {
        // What is being deleted must still lose its finalizers.
        expression: 'variables.ownConfig || has(object.metadata.deletionTimestamp)',
        message: 'Set spec.providerConfigRef to the ProviderConfig of the environment that the namespace belongs to.',
        messageExpression:
          `'Set spec.providerConfigRef to {kind: ProviderConfig, name: ' + ${namespace} + ` +
          `'}: the namespace ' + request.namespace + ' reaches no other AWS account.'`,
        reason: 'Invalid',
      },
    ],
  };
}

/**
 * The account of an Environment cannot change (`config/rules.ts`), but its `ProviderConfig` is applied beside it: without
 * this, an edit of the account would leave the Environment as it is and send all that it has to the other account. The
 * provider itself keeps a `ProviderConfig` from being deleted, and made anew, as long as a resource needs it.
 */
function keepAccounts(): JsonObject {
  // The role itself may be renamed. What has no role of an account in it is compared as a whole.
  const accounts = (config: string): string =>
    `${config}.spec.?assumeRoleChain.orValue([]).map(role, role.?roleARN.orValue('').split(':role/')[0])`;
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [PROVIDER_GROUP],
          apiVersions: ['*'],
          operations: ['UPDATE'],
          resources: ['providerconfigs'],
          scope: 'Namespaced',
        },
      ],
    },
    matchConditions: IN_AN_ENVIRONMENT,
    validations: [
      {
        expression: `${accounts('object')} == ${accounts('oldObject')}`,
        message:
          'The account of an environment cannot change, since its data is there: make a new environment and move the data.',
        reason: 'Invalid',
      },
    ],
  };
}

/**
 * What a preview rendered looks real but stands for no AWS resource. It matches every object of the cluster, so a
 * failure of the policy itself must refuse nothing: it guards against a mistake, not against an attack.
 */
function refusePreviews(): JsonObject {
  return {
    failurePolicy: 'Ignore',
    matchConstraints: {
      resourceRules: [
        { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'], scope: '*' },
      ],
    },
    validations: [
      {
        expression: `object.?metadata.?annotations[?${cel(PREVIEW_ANNOTATION)}].orValue('') != 'true'`,
        message: `This object was rendered for a preview (annotation ${PREVIEW_ANNOTATION}): apply what npm start renders.`,
        reason: 'Forbidden',
      },
    ],
  };
}

/** A text as a literal of CEL. */
function cel(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

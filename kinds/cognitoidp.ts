import { asObject } from '../crossplane/schema/json.ts';
import type { JsonObject } from '../imports/base.ts';
import type { Loss, ServiceFacts } from './facts.ts';

/** Fields that the status of a pool shows as they are in AWS, among others. */
const SHOWN = ['deletionProtection', 'lambdaConfig', 'mfaConfiguration', 'usernameAttributes', 'userPoolTier'];

/** Cognito is paid for each active user in a month: nothing of it costs by existing. */
export const cognitoidp: ServiceFacts = {
  UserPool: {
    shape: {
      externalName: (made, { region }) => `${String(region)}_${made.hex(9)}`,
      // Source: Amazon Cognito user pools API Reference, UserPoolType; the endpoint is the provider's own.
      atProvider: ({ name, account, region, forProvider }) => ({
        id: name,
        arn: `arn:aws:cognito-idp:${region}:${account}:userpool/${name}`,
        endpoint: `cognito-idp.${region}.amazonaws.com/${name}`,
        ...Object.fromEntries(
          SHOWN.flatMap((field) => (field in forProvider ? [[field, forProvider[field] ?? null]] : [])),
        ),
      }),
    },
    // Amazon Cognito Developer Guide, "User pool deletion protection"; API Reference, DeleteUserPoolDomain: the domain goes
    // first (terraform-provider-aws issue 16479 has the text).
    refusesDeletion: ({ externalName, forProvider }, { others }) => {
      if (forProvider['deletionProtection'] === 'ACTIVE') {
        return 'InvalidParameterException: The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.';
      }
      return others.some((other) => other.kind === 'UserPoolDomain' && other.forProvider['userPoolId'] === externalName)
        ? 'InvalidParameterException: User pool cannot be deleted. It has a domain configured that should be deleted first.'
        : undefined;
    },
    // Groups, clients and scopes are of their pool, as all users are.
    partsNameItBy: 'userPoolId',
    lost: lostTriggers,
    charges: 'nothing',
  },
  UserGroup: { charges: 'nothing' },
  UserPoolClient: { charges: 'nothing' },
  ResourceServer: {
    shape: {
      // Source: Amazon Cognito Developer Guide, "Scopes, M2M, and resource servers".
      atProvider: ({ name, forProvider }) => ({ id: name, scopeIdentifiers: scopesOf(forProvider) }),
    },
    charges: 'nothing',
  },
  RiskConfiguration: { charges: 'nothing' },
  UserPoolDomain: { charges: 'nothing' },
};

/**
 * Functions that a pool calls and the chart does not name: UpdateUserPool sets what a request leaves out to its default.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
 */
function lostTriggers(there: JsonObject, wanted: JsonObject): readonly Loss[] {
  const field = 'lambdaConfig';
  const next = asObject(wanted[field]);
  return Object.entries(asObject(there[field]))
    .filter(([trigger, called]) => called !== '' && called !== null && next[trigger] !== called)
    .map(([trigger]) => ({
      field,
      entry: trigger,
      does: `no longer calls the function that it calls now at ${trigger}`,
    }));
}

function scopesOf({ identifier, scope }: JsonObject): readonly string[] {
  const scopes = Array.isArray(scope) ? (scope as readonly JsonObject[]) : [];
  return scopes.map(({ scopeName }) => `${String(identifier)}/${String(scopeName)}`);
}

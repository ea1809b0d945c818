import type { ResourceTagMapping } from '@aws-sdk/client-resource-groups-tagging-api';
import type { TaggedResource } from '../plan/orphans.ts';
import { isSystemError, NoAnswer } from './errors.ts';

/** Calls of one kind: `tag:GetResources` in `ap-northeast-1`. */
interface Call {
  readonly action: string;
  readonly region: string;
}

/** In milliseconds. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** Names of errors of AWS for credentials that it does not take (any longer). */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/**
 * The account of the credentials that the SDK's own chain finds.
 * @throws NoAnswer with a sentence when there are none, or AWS cannot be asked
 */
export async function callingAccount(region: string): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(settings(region));
  try {
    const { Account: account } = await client.send(new GetCallerIdentityCommand({}));
    return account ?? '';
  } catch (error) {
    throw noAnswer(error, { action: 'sts:GetCallerIdentity', region });
  } finally {
    client.destroy();
  }
}

/**
 * All resources of a region that have all tags of one of the sets, with all their tags; read-only.
 * One that has the tags of two sets comes twice.
 * @throws NoAnswer with a sentence when AWS cannot be asked, or not to the end
 */
export async function taggedResources(
  region: string,
  anyOf: readonly Readonly<Record<string, string>>[],
): Promise<readonly TaggedResource[]> {
  const { paginateGetResources, ResourceGroupsTaggingAPIClient } =
    await import('@aws-sdk/client-resource-groups-tagging-api');
  const client = new ResourceGroupsTaggingAPIClient(settings(region));
  const mappings: ResourceTagMapping[] = [];
  try {
    for (const wanted of anyOf) {
      const TagFilters = Object.entries(wanted).map(([Key, value]) => ({ Key, Values: [value] }));
      const pages = paginateGetResources({ client }, { TagFilters });
      for await (const { ResourceTagMappingList = [] } of pages) mappings.push(...ResourceTagMappingList);
    }
  } catch (error) {
    throw noAnswer(error, { action: 'tag:GetResources', region });
  } finally {
    client.destroy();
  }
  return mappings.flatMap(({ ResourceARN: arn, Tags = [] }) => {
    const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    return arn === undefined ? [] : [{ arn, region, tags }];
  });
}

function settings(region: string) {
  // What a later version of the SDK needs concerns whoever updates it, not whoever looks for orphans.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return { region, requestHandler: TIMEOUTS };
}

function noAnswer(error: unknown, call: Call): NoAnswer {
  return new NoAnswer([sentenceOf(error, call)], { cause: error });
}

function sentenceOf(error: unknown, { action, region }: Call): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return `There are no AWS credentials (${message}); sign in (aws sso login) or name a profile in AWS_PROFILE.`;
  }
  if (NOT_TAKEN.has(name)) {
    return `AWS does not take these credentials in ${region} (${message}); sign in again, and see that the account has this region enabled.`;
  }
  if (name.startsWith('AccessDenied') || name === 'UnauthorizedOperation') {
    return `These credentials may not call ${action} in ${region} (${message}); docs/guides/orphans.md has the policy that allows it.`;
  }
  if (/Thrott|TooManyRequests|RequestLimitExceeded/.test(name)) {
    return `AWS throttles ${action} in ${region}, in the SDK's last attempt, too (${message}); try again in a minute, or with AWS_MAX_ATTEMPTS=10.`;
  }
  if (isOfTheNetwork(error)) {
    return `AWS cannot be reached in ${region} (${message || name}); check the network, the region, and AWS_ENDPOINT_URL if it is set.`;
  }
  return `${action} failed in ${region} (${name}: ${message}).`;
}

/** A call that was lost on the way has a code of the operating system, or took too long. */
function isOfTheNetwork(error: unknown): boolean {
  if (isSystemError(error)) return /^E[A-Z_]+$/.test(error.code);
  return error instanceof Error && error.name === 'TimeoutError';
}

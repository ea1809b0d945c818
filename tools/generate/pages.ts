import type { ServiceLock } from '../../crossplane/schema/lock-format.ts';
import { awsTypes, type AwsType } from '../import/cloudformation.ts';

/** Where a kind is described. Links, never the prose that stands there: it is not ours. */
export interface Pages {
  /** Of the kind: the provider's page, and AWS's where there is one. */
  readonly kinds: readonly string[];
  /** Of a field of `forProvider`, where AWS describes it. */
  readonly linkOf: (field: string) => string | undefined;
}

export type PagesOf = (service: string, lock: ServiceLock, kind: string) => Pages;

const PROVIDER_PAGES = 'https://marketplace.upbound.io/providers/upbound';
const AWS_PAGES = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';

/**
 * Pages of the provider in a version and of CloudFormation, whose types describe what the provider's kinds stand for.
 * @param version as its packages are tagged: `v2.6.0`
 */
export function pagesOf(version: string): PagesOf {
  const typeOf = awsTypes();
  return (service, lock, kind) => {
    const [group = '', api = ''] = lock.apiVersion.split('/');
    const type = typeOf({ service, kind });
    return {
      kinds: [
        `${PROVIDER_PAGES}/${lock.package}/${version}/resources/${group}/${kind}/${api}`,
        ...(type === undefined ? [] : [awsPage(type)]),
      ],
      linkOf(field) {
        const property = type?.properties.find(
          (one) => one.documented && one.field.toLowerCase() === field.toLowerCase(),
        );
        return type === undefined || property === undefined
          ? undefined
          : `${awsPage(type)}#${anchor(type, property.name)}`;
      },
    };
  };
}

/** `AWS::KMS::Key` stands at `aws-resource-kms-key.html`. */
function awsPage(type: AwsType): string {
  return `${AWS_PAGES}/aws-resource-${words(type).join('-')}.html`;
}

/** `KeyPolicy` of `AWS::KMS::Key` has the anchor `cfn-kms-key-keypolicy`. */
function anchor(type: AwsType, property: string): string {
  return ['cfn', ...words(type), property.toLowerCase()].join('-');
}

function words({ name }: AwsType): readonly string[] {
  return name.toLowerCase().split('::').slice(1);
}

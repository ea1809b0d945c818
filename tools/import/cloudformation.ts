import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { z } from 'zod';
import { ImportError } from './error.ts';
import { readBeside } from './read.ts';

/*
 * AWS's own specification of what the provider's kinds stand for: CloudFormation's. Kinds and fields are matched by name,
 * ignoring case, plus `cloudformation.json`. It knows most kinds, not all (a test counts them), and top-level fields only.
 */

const mapShape = z.object({
  namespaces: z.record(z.string(), z.string()),
  types: z.record(z.string(), z.string().nullable()),
  properties: z.record(z.string(), z.record(z.string(), z.string())),
});

/** A property of CloudFormation, as `BillingMode`, and what it is called in a kind's `forProvider`. */
export interface AwsProperty {
  readonly name: string;
  /** Spelled as CloudFormation spells it: fields are matched ignoring case. */
  readonly field: string;
  readonly causesReplacement: string | undefined;
  readonly documented: boolean;
}

export interface AwsType {
  /** `AWS::KMS::Key` */
  readonly name: string;
  readonly properties: readonly AwsProperty[];
}

let known: ReadonlyMap<string, AwsType> | undefined;

/** Finds the type of a kind, if AWS has one. Loads the specification once, which takes about a second. */
export function awsTypes(): (kind: { readonly service: string; readonly kind: string }) => AwsType | undefined {
  const map = readBeside('cloudformation.json', mapShape);
  known ??= typesByName(map.properties);
  const types = known;
  return ({ service, kind }) => {
    const type = map.types[`${service}/${kind}`];
    if (type === null) return undefined;
    const wanted = type ?? `AWS::${map.namespaces[service] ?? service}::${kind}`;
    const found = types.get(wanted.toLowerCase());
    if (found === undefined && type !== undefined) {
      throw new ImportError(
        `The file cloudformation.json names ${type} for ${service}/${kind}, which AWS does not have.`,
      );
    }
    return found;
  };
}

function typesByName(aliases: z.infer<typeof mapShape>['properties']): ReadonlyMap<string, AwsType> {
  const all = loadAwsServiceSpecSync().all('resource');
  return new Map(
    all.map(({ cloudFormationType: name, properties }) => {
      const entries = Object.entries(properties).map(([property, { causesReplacement, documentation }]) => ({
        name: property,
        field: aliases[name]?.[property] ?? property,
        causesReplacement,
        documented: documentation !== undefined,
      }));
      return [name.toLowerCase(), { name, properties: entries }];
    }),
  );
}

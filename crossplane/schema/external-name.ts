import type { Json, JsonObject } from '../../imports/base.ts';
import { own } from './json.ts';

/** Who makes the identity in AWS: we choose it, it follows from other fields, or AWS makes it up. */
export const NAME_CLASSES = ['chosen', 'computable', 'generated'] as const;

/** What a second creation does in AWS; `varies` with what the object says. */
export const SECOND_CREATIONS = ['duplicate', 'conflict', 'same', 'varies'] as const;

/** Kinds for which a name does not do what it does for all others. */
export const NAME_RULES = ['ignored', 'unusable'] as const;

/**
 * How the resources of a kind are called in AWS, as `tools/import/external-names.json` says it (each field is explained
 * there). The name of a generated kind is its `status.atProvider.id`, exactly.
 */
export interface ExternalName {
  readonly class: (typeof NAME_CLASSES)[number];
  /** A regular expression that a name matches; absent where any text may be one. */
  readonly form?: string;
  /** Of a generated name that follows from the object itself. */
  readonly formula?: string;
  /** Fields of `forProvider` within whose values a name is unique. */
  readonly within?: readonly string[];
  /** Where an empty name makes the provider create again after a restart: what AWS does then. */
  readonly again?: (typeof SECOND_CREATIONS)[number];
  readonly rule?: (typeof NAME_RULES)[number];
}

/** What a formula draws on besides the fields of the object. */
export interface NameSource {
  /** `metadata.name` */
  readonly name: string;
  readonly forProvider: JsonObject;
  /** 12 digits */
  readonly account: string;
  readonly region: string;
}

/** True for a name that AWS makes up and nothing else tells: lost, nobody finds the resource again. */
export function isMadeUp(name: ExternalName): boolean {
  return name.class === 'generated' && name.formula === undefined;
}

/** Whether the text has the form of the kind's names. */
export function hasForm({ form }: ExternalName, text: string): boolean {
  return form === undefined || new RegExp(form).test(text);
}

/** The name that follows from the object; `undefined` where a field is missing or the result has another form. */
export function nameByFormula(external: ExternalName, source: NameSource): string | undefined {
  if (external.formula === undefined) return undefined;
  const isKnown = (place: string) => valueOf(place, source) !== undefined;
  const whole = external.formula.replace(OPTIONAL, (_, part: string) => (placesIn(part).every(isKnown) ? part : ''));
  if (!placesIn(whole).every(isKnown)) return undefined;
  const name = whole.replace(PLACE, (_, place: string) => valueOf(place, source) ?? '');
  return name !== '' && hasForm(external, name) ? name : undefined;
}

/** The fields of `forProvider` that a formula takes, for checking it against a schema. */
export function fieldsOfFormula(formula: string): readonly string[] {
  return placesIn(formula)
    .filter((place) => !place.startsWith('@'))
    .map((place) => partsOf(place).field);
}

const PLACE = /\{([^}]+)\}/g;
const OPTIONAL = /\[([^\]]+)\]/g;

function placesIn(text: string): readonly string[] {
  return [...text.matchAll(PLACE)].map(([, place = '']) => place);
}

/** `field`, `field|word` or `field:transformation`. */
function partsOf(place: string): { readonly field: string; readonly otherwise?: string; readonly transform?: string } {
  const [, field = '', mark, word = ''] = /^(\w+)(?:([|:])(.*))?$/.exec(place) ?? [];
  if (mark === undefined) return { field };
  return mark === '|' ? { field, otherwise: word } : { field, transform: word };
}

function valueOf(place: string, { name, forProvider, account, region }: NameSource): string | undefined {
  if (place === '@name') return name;
  if (place === '@account') return account;
  if (place === '@region') return region;
  if (place === '@partition') return partitionOf(region);
  const { field, otherwise, transform } = partsOf(place);
  const text = textOf(own(forProvider, field)) ?? otherwise;
  return text === undefined || transform === undefined ? text : transformed(text, transform);
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function transformed(text: string, transform: string): string | undefined {
  const arn = text.startsWith('arn:') ? text.split(':') : undefined;
  if (transform === 'lower') return text.toLowerCase();
  if (transform === 'last') return text.slice(text.lastIndexOf('/') + 1);
  if (transform === 'host') return text.replace(/^https:\/\//, '');
  if (transform === 'arn') return arn && text;
  if (transform === 'region') return arn?.[REGION_OF_ARN];
  throw new Error(`A formula of an external name has no transformation "${transform}".`);
}

/** Place of the region in an ARN: `arn:aws:dynamodb:<region>:…`. */
const REGION_OF_ARN = 3;

/** AWS's partitions that have regions of their own; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

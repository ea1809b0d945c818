import { createHash } from 'node:crypto';
import type { JsonObject, KubernetesObject } from '../imports/base.ts';
import { asObject } from '../crossplane/schema/json.ts';
import { groupOf } from '../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../crossplane/reference/marks.ts';

/** What a shape may draw on: the object, and the account and region that it lives in. */
export interface ShapeInput {
  readonly object: KubernetesObject;
  readonly forProvider: JsonObject;
  readonly account: string;
  readonly region: string;
  /** The external name: chosen by the chart, or made up by `externalName`. */
  readonly name: string;
}

/** The fields of a kind's status that AWS makes up, in AWS's form; and its external name where AWS makes that up. */
export interface Shape {
  /**
   * Where it is not any text of the kind's form. `made` is different for every resource, and the same in every run.
   */
  readonly externalName?: (made: MadeUp, forProvider: JsonObject) => string;
  readonly atProvider: (input: ShapeInput) => JsonObject;
}

export interface MadeUp {
  /** Lower-case hexadecimal digits, at most 64. */
  hex(length: number): string;
  uuid(): string;
  /** The number of this turn, below 2^32. */
  number(turn: number): number;
}

/** Values that look made up and follow from a seed. */
export function madeUp(seed: string): MadeUp {
  const digits = createHash('sha256').update(seed).digest('hex');
  return {
    number: (turn) => createHash('sha256').update(`${seed} ${turn}`).digest().readUInt32BE(),
    hex: (length) => digits.slice(0, length),
    uuid: () =>
      [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(12, 15)}`,
        `8${digits.slice(15, 18)}`,
        digits.slice(18, 30),
      ].join('-'),
  };
}

/**
 * The shape of a kind that says nothing more of itself: its name as id, and an ARN where its status has one. Many ARNs
 * have this form; where one is read, the kind's file should have it as AWS's docs do.
 */
export function defaultShape(hasArn: boolean): Shape {
  return {
    atProvider: ({ object, name, account, region }) => {
      const [service = ''] = groupOf(object.apiVersion).split('.');
      const arn = `arn:aws:${service}:${region}:${account}:${object.kind.toLowerCase()}/${name}`;
      return hasArn ? { id: name, arn } : { id: name };
    },
  };
}

/** The input of a shape from an object; `name` is empty as long as nobody has named the resource. */
export function shapeInput(object: KubernetesObject, account: string): ShapeInput {
  const forProvider = asObject(object.spec?.['forProvider']);
  const region = forProvider['region'];
  return {
    object,
    forProvider,
    account,
    region: typeof region === 'string' ? region : '',
    name: object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '',
  };
}

import type { GroupVersionKind, JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { groupOf } from '../../reference/identity.ts';
import { own } from '../../schema/json.ts';
import { dynamodbShapes } from './dynamodb.ts';
import { kmsShapes } from './kms.ts';
import { s3Shapes } from './s3.ts';
import { shapeInput, type Shape } from './shape.ts';

/** Status of a managed resource (`atProvider`) as AWS would answer; `undefined` for a kind without a shape. */
export type Shapes = (object: KubernetesObject) => JsonObject | undefined;

const byGroup: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  'dynamodb.aws.m.upbound.io': dynamodbShapes,
  'kms.aws.m.upbound.io': kmsShapes,
  's3.aws.m.upbound.io': s3Shapes,
};

/** The shape of a kind, if there is one. */
export function shapeOf(gvk: GroupVersionKind): Shape | undefined {
  return own(own(byGroup, groupOf(gvk.apiVersion)), gvk.kind);
}

/** The shapes of all kinds in an account of 12 digits. */
export function shapesIn(account: string): Shapes {
  return (object) => shapeOf(object)?.atProvider(shapeInput(object, account));
}

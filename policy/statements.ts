import type { Json, JsonObject, KubernetesObject } from '../imports/base.ts';
import { asObject, isList, isObject } from '../crossplane/schema/json.ts';
import { wanted } from './resources.ts';

/** A statement of a policy document, whatever its author left out; lists where AWS takes one or many. */
export interface Statement {
  readonly sid: string;
  readonly effect: string;
  /** `*`, or by kind (`AWS`, `Service`); undefined in a policy of a role. */
  readonly principals: '*' | Readonly<Record<string, readonly string[]>> | undefined;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By operator, then by key. */
  readonly conditions: Readonly<Record<string, JsonObject>>;
  /** Names of its other elements (`NotAction`), which nobody here reads. */
  readonly others: readonly string[];
}

/** Statements of every policy document that stands as text anywhere in what is wanted of a resource. */
export function statementsOf(resource: KubernetesObject): readonly Statement[] {
  return textsIn(wanted(resource)).flatMap((text) => statementsIn(parsed(text)));
}

/** Statements of a policy document; none of what is no such document. */
export function statementsIn(document: unknown): readonly Statement[] {
  if (!isObject(document) || document['Statement'] === undefined) return [];
  const { Statement } = document;
  return (isList(Statement) ? Statement : [Statement]).map((statement) => statementOf(asObject(statement)));
}

/** Keys of all conditions of a statement, in lower case: IAM does not tell `aws:SourceArn` from `AWS:SourceArn`. */
export function conditionKeys({ conditions }: Statement): readonly string[] {
  return Object.values(conditions).flatMap((keys) => Object.keys(keys).map((key) => key.toLowerCase()));
}

/** Whether a statement allows everybody: `*` as a principal, however it is written. */
export function isForEverybody({ effect, principals }: Statement): boolean {
  if (effect !== 'Allow' || principals === undefined) return false;
  return principals === '*' || Object.values(principals).some((names) => names.includes('*'));
}

function statementOf(statement: JsonObject): Statement {
  const { Sid, Effect, Principal, Action, Resource, Condition, ...others } = statement;
  return {
    sid: typeof Sid === 'string' ? Sid : 'without a Sid',
    effect: typeof Effect === 'string' ? Effect : '',
    principals: principalsOf(Principal),
    actions: texts(Action),
    resources: texts(Resource),
    conditions: Object.fromEntries(Object.entries(asObject(Condition)).map(([key, keys]) => [key, asObject(keys)])),
    others: Object.keys(others),
  };
}

function principalsOf(principal: Json | undefined): Statement['principals'] {
  if (principal === undefined) return undefined;
  if (!isObject(principal)) return '*';
  return Object.fromEntries(Object.entries(principal).map(([kind, names]) => [kind, texts(names)]));
}

function texts(value: Json | undefined): readonly string[] {
  const list = isList(value) ? value : [value];
  return list.filter((item) => typeof item === 'string');
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return value.startsWith('{') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that only begins like JSON is no policy.
    return undefined;
  }
}

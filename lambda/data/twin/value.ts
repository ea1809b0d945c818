import * as z from 'zod';

/** An attribute's value as DynamoDB's JSON protocol has it; binary values do not occur in the table. */
export type Value =
  { S: string } | { N: string } | { BOOL: boolean } | { NULL: true } | { L: Value[] } | { M: Record<string, Value> };

const contents: Readonly<Record<string, (content: unknown) => boolean>> = {
  S: (content) => typeof content === 'string',
  N: (content) => typeof content === 'string',
  BOOL: (content) => typeof content === 'boolean',
  NULL: (content) => content === true,
  L: (content) => Array.isArray(content) && content.every(isValue),
  M: (content) => typeof content === 'object' && content !== null && Object.values(content).every(isValue),
};

/** Whether something is a value of the protocol, with all that is in it. */
function isValue(candidate: unknown): candidate is Value {
  if (typeof candidate !== 'object' || candidate === null) return false;
  const [entry, ...rest] = Object.entries(candidate);
  return entry !== undefined && rest.length === 0 && contents[entry[0]]?.(entry[1]) === true;
}

/** Checked by hand: as a schema of unions it takes most of the twin's time. */
export const value = z.custom<Value>(isValue, 'a value of a kind that the table does not have');

export type Attributes = Readonly<Record<string, Value>>;

/** Texts in the order of their UTF-8 bytes, as DynamoDB sorts them. */
export function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Negative, 0 or positive; undefined for values that have no order among each other. */
export function compare(a: Value, b: Value): number | undefined {
  if ('S' in a && 'S' in b) return compareTexts(a.S, b.S);
  if ('N' in a && 'N' in b) return Number(a.N) - Number(b.N);
  return undefined;
}

/** Equal in type and content; numbers by what they are worth. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if ('N' in a && 'N' in b) return Number(a.N) === Number(b.N);
  if ('L' in a && 'L' in b) return a.L.length === b.L.length && a.L.every((one, at) => equal(one, b.L[at]));
  if ('M' in a && 'M' in b) return sameAttributes(a.M, b.M);
  return JSON.stringify(a) === JSON.stringify(b);
}

export function sameAttributes(a: Attributes, b: Attributes): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => equal(a[name], b[name]));
}

/** Bytes that DynamoDB counts for a value (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html). */
export function sizeOf(of: Value): number {
  if ('S' in of) return Buffer.byteLength(of.S);
  if ('N' in of) return Math.ceil(of.N.replace(/[-.]/g, '').length / 2) + 1;
  if ('L' in of) return of.L.reduce((sum, one) => sum + sizeOf(one) + 1, 3);
  if ('M' in of) return Object.keys(of.M).length + 3 + sizeOfItem(of.M);
  return 1;
}

export function sizeOfItem(item: Attributes): number {
  return Object.entries(item).reduce((sum, [name, one]) => sum + Buffer.byteLength(name) + sizeOf(one), 0);
}

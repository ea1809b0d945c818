import type { Json } from '../../imports/base.ts';
import type { WireReader } from './wire.ts';

/** Messages within messages that are read: an object costs three of them, a list two. As the SDK's own decoder. */
const DEEPEST = 100;

/** An object while it is read. */
type Fields = Record<string, Json>;

// Tags of google/protobuf/struct.proto: the number of a field times eight, and its wire type.
const STRUCT = { entry: 10 } as const;
const ENTRY = { key: 10, value: 18 } as const;
const VALUE = { null: 8, number: 17, text: 26, boolean: 32, object: 42, list: 50 } as const;
const LIST = { value: 10 } as const;

/**
 * Reads a `google.protobuf.Struct` straight into a plain object: the SDK makes a message of each value first, and unwraps it
 * into another object. The reader stands before the length of the message.
 * @param depth how many messages the Struct stands in
 * @throws Error `recursion limit` of what is nested too deeply
 */
export function readStruct(reader: WireReader, depth: number): Fields {
  if (depth >= DEEPEST) throw new Error('recursion limit exceeded');
  const end = reader.length();
  const fields: Fields = {};
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === STRUCT.entry) readEntry(reader, depth + 1, fields);
    else reader.skip(tag);
  }
  return fields;
}

function readEntry(reader: WireReader, depth: number, fields: Fields): void {
  if (depth >= DEEPEST) throw new Error('recursion limit exceeded');
  const end = reader.length();
  let key = '';
  let value: Json | undefined;
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === ENTRY.key) key = reader.text();
    else if (tag === ENTRY.value) value = readValue(reader, depth + 1);
    else reader.skip(tag);
  }
  if (value !== undefined) put(fields, key, value);
}

/** Sets a key like any other, be it called `__proto__`. */
export function put<Value>(into: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') into[key] = value;
  else Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
}

/** `undefined` of a value that is none at all. */
function readValue(reader: WireReader, depth: number): Json | undefined {
  if (depth >= DEEPEST) throw new Error('recursion limit exceeded');
  const end = reader.length();
  let value: Json | undefined;
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    switch (tag) {
      case VALUE.null:
        reader.varint();
        value = null;
        break;
      case VALUE.number:
        value = reader.double();
        break;
      case VALUE.text:
        value = reader.text();
        break;
      case VALUE.boolean:
        value = reader.varint() !== 0;
        break;
      case VALUE.object:
        value = readStruct(reader, depth + 1);
        break;
      case VALUE.list:
        value = readList(reader, depth + 1);
        break;
      default:
        reader.skip(tag);
    }
  }
  return value;
}

function readList(reader: WireReader, depth: number): Json[] {
  if (depth >= DEEPEST) throw new Error('recursion limit exceeded');
  const end = reader.length();
  const list: Json[] = [];
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === LIST.value) list.push(readValue(reader, depth + 1) ?? null);
    else reader.skip(tag);
  }
  return list;
}

import {
  Ready,
  RunFunctionRequest,
  type Resource,
  type Resources,
  type State,
} from '@crossplane-org/function-sdk-typescript';
import { put, readStruct } from './struct.ts';
import { WireReader } from './wire.ts';

// Tags of Crossplane's run_function.proto (v1): the number of a field times eight, and its wire type.
const REQUEST = { meta: 10, observed: 18, desired: 26, context: 42, requiredResources: 66 } as const;
const META = { tag: 10 } as const;
const STATE = { composite: 10, resources: 18 } as const;
const RESOURCE = { resource: 10, connectionDetails: 18, ready: 24 } as const;
const RESOURCES = { items: 10 } as const;
const ENTRY = { key: 10, value: 18 } as const;

/** By their numbers. */
const READY = [Ready.READY_UNSPECIFIED, Ready.READY_TRUE, Ready.READY_FALSE];

/**
 * What the function reads of a call, and what it hands on; the rest (input, credentials, connection details of what is only
 * observed) stays bytes: nobody looks at it, and secrets are not even read.
 * @throws RangeError of bytes that are no request; Error `recursion limit` of what is nested too deeply
 */
export function decodeRequest(bytes: Buffer): RunFunctionRequest {
  const reader = new WireReader(bytes);
  const request = RunFunctionRequest.fromPartial({});
  for (let tag = reader.tag(reader.end); tag !== 0; tag = reader.tag(reader.end)) {
    switch (tag) {
      case REQUEST.meta:
        request.meta = readMeta(reader);
        break;
      case REQUEST.observed:
        request.observed = readState(reader, false);
        break;
      case REQUEST.desired:
        request.desired = readState(reader, true);
        break;
      case REQUEST.context:
        request.context = readStruct(reader, 1);
        break;
      case REQUEST.requiredResources:
        readEntry(reader, request.requiredResources, () => readResources(reader));
        break;
      default:
        reader.skip(tag);
    }
  }
  return request;
}

function readMeta(reader: WireReader): NonNullable<RunFunctionRequest['meta']> {
  const end = reader.length();
  let said = '';
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === META.tag) said = reader.text();
    else reader.skip(tag);
  }
  return { tag: said, capabilities: [] };
}

function readState(reader: WireReader, details: boolean): State {
  const end = reader.length();
  const state: State = { composite: undefined, resources: {} };
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === STATE.composite) state.composite = readResource(reader, 2, details);
    else if (tag === STATE.resources) readEntry(reader, state.resources, () => readResource(reader, 3, details));
    else reader.skip(tag);
  }
  return state;
}

/** @param depth how many messages it stands in */
function readResource(reader: WireReader, depth: number, details: boolean): Resource {
  const end = reader.length();
  const read: Resource = { resource: undefined, connectionDetails: {}, ready: Ready.READY_UNSPECIFIED };
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === RESOURCE.resource) read.resource = readStruct(reader, depth + 1);
    else if (tag === RESOURCE.ready) read.ready = READY[reader.varint()] ?? Ready.UNRECOGNIZED;
    else if (tag === RESOURCE.connectionDetails && details)
      readEntry(reader, read.connectionDetails, () => reader.bytes(), Buffer.alloc(0));
    else reader.skip(tag);
  }
  return read;
}

function readResources(reader: WireReader): Resources {
  const end = reader.length();
  const read: Resources = { items: [] };
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === RESOURCES.items) read.items.push(readResource(reader, 3, false));
    else reader.skip(tag);
  }
  return read;
}

/** An entry of a map. @param fallback the value that is not written down because it is empty; without one it is no entry */
function readEntry<Value>(
  reader: WireReader,
  into: Record<string, Value>,
  readValue: () => Value,
  fallback?: Value,
): void {
  const end = reader.length();
  let key = '';
  let value = fallback;
  for (let tag = reader.tag(end); tag !== 0; tag = reader.tag(end)) {
    if (tag === ENTRY.key) key = reader.text();
    else if (tag === ENTRY.value) value = readValue();
    else reader.skip(tag);
  }
  if (value !== undefined) put(into, key, value);
}

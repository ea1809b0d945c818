import { functions } from '../lambda/contract/functions.ts';
import { FUNCTION_NAMES, type FunctionName } from '../lambda/contract/function-names.ts';
import { HANDLER, RUNTIME, type FunctionBundle } from './bundle.ts';

/** One function of a release: which code it is, and what that code may call. */
export interface ReleasedFunction {
  /** Of the zip, in hexadecimal digits: the code's name in the bucket of artifacts. */
  readonly sha256: string;
  /** Of the zip. */
  readonly bytes: number;
  readonly handler: string;
  readonly runtime: string;
  /** IAM actions that the contract declares, each once, sorted. */
  readonly calls: readonly string[];
}

/** What a release consists of. */
export interface Release {
  readonly version: string;
  /** The commit that it was made from. */
  readonly commit: string;
  /** By name, in the order of the contract. */
  readonly functions: Readonly<Record<string, ReleasedFunction>>;
}

/** The manifest of a release from its bundles. */
export function manifestOf(
  made: { readonly version: string; readonly commit: string },
  bundles: ReadonlyMap<FunctionName, FunctionBundle>,
): Release {
  const released = FUNCTION_NAMES.map((name): [string, ReleasedFunction] => {
    const bundle = bundles.get(name);
    if (bundle === undefined) throw new Error(`The release has no bundle of the function ${name}.`);
    const calls = [...new Set(functions[name].uses.map(({ call }) => call))].sort();
    const { sha256, zip } = bundle;
    return [name, { sha256, bytes: zip.length, handler: HANDLER, runtime: RUNTIME, calls }];
  });
  return { ...made, functions: Object.fromEntries(released) };
}

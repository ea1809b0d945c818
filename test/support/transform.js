import { readFileSync } from 'node:fs';
import swc from '@swc/jest';

/**
 * Jest runs tests in a sandbox, where every look at a global costs a call out of the JavaScript engine: the charts took
 * twice as long there as in the function. A constant of the module costs nothing. Nobody replaces any of these in a test.
 */
const GLOBALS = 'Array BigInt Error JSON Map Math Number Object Promise Reflect RegExp Set String Symbol WeakMap'.split(
  ' ',
);

const SELF = readFileSync(import.meta.filename, 'utf8');

/** As `@swc/jest`, with the globals of a module taken once; on its first line, so that all others keep their numbers. */
export default {
  createTransformer(options) {
    const inner = swc.createTransformer(options);
    return {
      ...inner,
      getCacheKey: (...parameters) => `${inner.getCacheKey(...parameters)}${SELF}`,
      process: (...parameters) => withConstants(inner.process(...parameters)),
      processAsync: async (...parameters) => withConstants(await inner.processAsync(...parameters)),
    };
  },
};

function withConstants({ code, ...more }) {
  const used = GLOBALS.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return { ...more, code: used.length === 0 ? code : `const { ${used.join(', ')} } = globalThis; ${code}` };
}

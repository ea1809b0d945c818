/**
 * Composes the real charts while everything that could make an answer differ throws, and prints the answers. A process
 * of its own, since only there built-in modules can be replaced for every import of them.
 */
import * as fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { compositeKinds } from '../../charts/index.ts';
import type { ComposeRequest } from '../../crossplane/compose/types.ts';
import { answerText, convergedRequests } from './purity-requests.ts';

type Loose = Record<string, unknown>;
const require = createRequire(import.meta.url);

/** cdk8s reads these while it builds a chart; the answers must be the same whatever they say. */
const READ_BY_CDK8S = new Set(['CDK8S_DISABLE_SORT']);

/** What was reached for, whether or not the error was swallowed. */
const touched = new Set<string>();
const undo: (() => void)[] = [];

function refuse(name: string): never {
  touched.add(name);
  throw new Error(`Law 1: ${name} was used.`);
}

function replace(object: Loose, key: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(object, key);
  Object.defineProperty(object, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? true,
  });
  undo.push(() => {
    if (before === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, before);
  });
}

/** Every function of the object, as functions and constructors, throws. */
function forbid(name: string, object: object, keys = Object.getOwnPropertyNames(object)): void {
  const loose = object as Loose;
  for (const key of keys) {
    const descriptor = Object.getOwnPropertyDescriptor(loose, key);
    if (descriptor?.configurable !== true || typeof descriptor.value !== 'function') continue;
    replace(loose, key, function refused(): never {
      return refuse(`${name}.${key}`);
    });
  }
}

const LOCALE = ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase', 'toLocaleString'];
const MODULES = ['fs', 'fs/promises', 'net', 'http', 'https', 'http2', 'tls', 'dns', 'dgram', 'child_process', 'os'];
const GLOBALS = ['fetch', 'WebSocket', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];

function lockUp(): void {
  for (const name of MODULES) forbid(name, require(`node:${name}`) as object);
  const crypto = require('node:crypto') as object;
  const chance = ['randomBytes', 'randomUUID', 'randomInt', 'randomFillSync', 'randomFill', 'getRandomValues'];
  forbid('crypto', crypto, chance);
  forbid('crypto', Object.getPrototypeOf(globalThis.crypto) as object, chance);
  forbid('Math', Math, ['random']);
  forbid('performance', Object.getPrototypeOf(performance) as object);
  forbid('performance', performance);
  forbid('process', process, ['hrtime', 'cwd', 'uptime', 'memoryUsage']);
  forbid('Intl', Intl);
  for (const { prototype } of [String, Number, Array, Date, BigInt]) forbid('locale', prototype, LOCALE);
  forbid('globalThis', globalThis, GLOBALS);
  const environment = new Proxy<NodeJS.ProcessEnv>(process.env, {
    get: (real, key) => (READ_BY_CDK8S.has(String(key)) ? real[String(key)] : refuse(`process.env.${String(key)}`)),
    has: (_, key) => refuse(`process.env.${String(key)}`),
    ownKeys: () => refuse('process.env'),
  });
  replace(process as unknown as Loose, 'env', environment);
  const clock = new Proxy(Date, {
    construct: () => refuse('new Date'),
    apply: () => refuse('Date()'),
    get: (_, key) => refuse(`Date.${String(key)}`),
  });
  replace(globalThis, 'Date', clock);
  syncBuiltinESMExports();
}

function unlock(): void {
  for (const one of undo.splice(0).reverse()) one();
  syncBuiltinESMExports();
}

/** Proves that the locks are on: each of these must throw. */
function probes(): readonly string[] {
  const tries: Readonly<Record<string, () => unknown>> = {
    'new Date': () => new Date(),
    'Date.now': () => Date.now(),
    'performance.now': () => performance.now(),
    'Math.random': () => Math.random(),
    'crypto.randomUUID': () => crypto.randomUUID(),
    'process.env': () => process.env['HOME'],
    'fs.readFileSync': () => fs.readFileSync('package.json'),
    localeCompare: () => 'a'.localeCompare('b'),
    'Intl.Collator': () => new Intl.Collator(),
    fetch: () => fetch('http://127.0.0.1:1'),
  };
  return Object.entries(tries).flatMap(([name, attempt]) => {
    try {
      attempt();
      return [name];
    } catch {
      return [];
    }
  });
}

const { composer, requests } = convergedRequests(compositeKinds);
// Schemas are read when they are first asked for; that is the composition root's doing, not the compose step's.
for (const request of requests) composer.compose(request);

/** Runs with everything locked up, and hands the keys back whatever happens. */
function whileLocked<Result>(run: () => Result): Result {
  lockUp();
  try {
    return run();
  } finally {
    unlock();
  }
}

function answerOrError(request: ComposeRequest): string {
  try {
    return answerText(composer.compose(request));
  } catch (error) {
    return String(error);
  }
}

const open = whileLocked(probes);
touched.clear();
const answers = whileLocked(() => requests.map(answerOrError));
const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
console.log(JSON.stringify({ locale, timeZone, open, touched: [...touched], answers }));

import { builtinModules } from 'node:module';
import boundaries from 'eslint-plugin-boundaries';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { FILES, roomPolicies } from './eslint.rooms.js';

/** Law 1: desired state is a function of composite, observed objects and release. */
const PURE = [
  ...['reference', 'schema', 'definition', 'compose'].map((room) => `crossplane/${room}/**/*.ts`),
  'charts/**/*.ts',
  'config/**/*.ts',
];
const LAW_1 = 'Law 1: no clock, chance, environment, file, network or locale; take it as a parameter.';

const impureModules = builtinModules
  .filter((name) => name !== 'crypto' && !name.startsWith('node:'))
  .flatMap((name) => [name, `node:${name}`]);
const impureGlobals = [
  ...['process', 'Date', 'Intl', 'performance', 'crypto', 'globalThis', 'global', 'navigator', 'require'],
  ...['fetch', 'WebSocket', 'EventSource', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
];
const impureProperties = [
  { object: 'Math', property: 'random' },
  ...['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase', 'toLocaleString'].map((property) => ({ property })),
];

const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Only cli/ and the handlers of functions read the environment; take what you need as a parameter.',
};

/** Rules of ESLint itself that neither `tsc` nor typescript-eslint repeats. */
const core = Object.fromEntries(
  `eqeqeq no-alert no-case-declarations no-cond-assign no-console no-constant-binary-expression
   no-constant-condition no-control-regex no-debugger no-else-return no-empty no-empty-character-class
   no-eval no-extra-boolean-cast no-irregular-whitespace no-lonely-if no-loss-of-precision no-misleading-character-class
   no-new-func no-param-reassign no-prototype-builtins no-self-assign no-sparse-arrays no-unassigned-vars
   no-unneeded-ternary no-unsafe-finally no-unsafe-optional-chaining no-useless-assignment no-useless-backreference no-useless-catch
   no-useless-escape no-useless-rename no-var object-shorthand prefer-const prefer-template
   preserve-caught-error`
    .split(/\s+/)
    .map((name) => [name, 'error']),
);

/** A file has one subject and a function one thought; both numbers are signs, not aims. */
const size = {
  complexity: ['error', 12],
  'max-depth': ['error', 3],
  'max-lines': ['error', 300],
  'max-params': ['error', 7],
};

const types = {
  '@typescript-eslint/consistent-type-assertions': [
    'error',
    { assertionStyle: 'as', objectLiteralTypeAssertions: 'never' },
  ],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  // Texts are measured in code points, as Kubernetes does.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/strict-boolean-expressions': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // An index signature names its key, which a Record does not.
  '@typescript-eslint/consistent-indexed-object-style': 'off',
  // Every field of a Kubernetes object is `Json` to us; that a `kind` is a text is the API server's business.
  '@typescript-eslint/no-base-to-string': 'off',
};

/** Law 1 by syntax, and casts that say nothing. */
const noDoubleCast = {
  selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
  message: 'A cast by way of unknown turns the compiler off; write a type guard.',
};
const noLateImport = { selector: 'ImportExpression', message: LAW_1 };
const noImportMeta = { selector: 'MetaProperty', message: LAW_1 };

/** 17 kinds have the name of another service's, and `Function` that of a global. */
const noBareKind = {
  selector: 'ImportDeclaration[source.value=/\\/imports\\/(?!(base|permissions)\\.ts)/] > ImportSpecifier',
  message: "Import the whole service: import * as kms from '../../imports/kms.ts'.",
};

const ARNS = 'Write arnOf() or known() of charts/constructs/arns.ts: the partition follows from the region.';
const STATEMENTS =
  'Write allow() or refuse…() of charts/constructs/policy.ts: actions are then only on what they can be on.';
/** Policies and ARNs are made in one place, where types hold them together. */
const noArnByHand = [
  { selector: 'Literal[value=/\\barn:/]', message: ARNS },
  { selector: 'TemplateElement[value.raw=/\\barn:/]', message: ARNS },
];
const noStatementByHand = {
  selector: "Property[key.name='Effect'], Property[key.value='Effect']",
  message: STATEMENTS,
};
/** What no chart may have. */
const inCharts = [noDoubleCast, noLateImport, noImportMeta, noBareKind, ...noArnByHand, noStatementByHand];

/** From a name esbuild cannot tell which parts of zod are used. */
const noWholeZod = {
  selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
  message: "Write import * as z from 'zod': a bundle then has only what is used of it, 90 KiB less.",
};

export default defineConfig(
  globalIgnores(['dist/', 'build/', 'coverage/', 'imports/*', '!imports/base.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.{js,ts}'], rules: { ...core, ...size, 'no-restricted-properties': ['error', noEnvironment] } },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly' } }, rules: { 'no-undef': 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': import.meta.dirname,
      'boundaries/files': FILES,
      'boundaries/files-single-match': true,
      'boundaries/dependency-nodes': ['import', 'export', 'dynamic-import'],
    },
    rules: {
      ...types,
      'no-restricted-syntax': ['error', noDoubleCast],
      'boundaries/dependencies': [
        'error',
        { default: 'disallow', checkUnknownLocals: true, checkInternals: true, policies: roomPolicies },
      ],
      'boundaries/no-unknown-files': 'error',
    },
  },
  {
    files: PURE,
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals.map((name) => ({ name, message: LAW_1 }))],
      'no-restricted-properties': [
        'error',
        noEnvironment,
        ...impureProperties.map((restricted) => ({ ...restricted, message: LAW_1 })),
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...impureModules.map((name) => ({ name, message: LAW_1 })),
            { name: 'node:crypto', allowImportNames: ['createHash'], message: LAW_1 },
            { name: 'crypto', message: 'Write node:crypto.' },
          ],
        },
      ],
      'no-restricted-syntax': ['error', noDoubleCast, noLateImport, noImportMeta],
    },
  },
  {
    files: ['lambda/{contract,domain,data,functions}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDoubleCast, noWholeZod] },
  },
  { files: ['charts/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...inCharts] } },
  {
    files: ['charts/constructs/arns.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inCharts.filter((rule) => !noArnByHand.includes(rule))] },
  },
  {
    files: ['charts/constructs/policy.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inCharts.filter((rule) => rule !== noStatementByHand)] },
  },
  {
    // Within crossplane/ objects are JSON and identities are branded texts, as ARNs are: there the rule would be noise.
    files: ['**/*.ts'],
    ignores: ['crossplane/!(server)/**', 'charts/constructs/arns.ts', 'imports/**', 'test/**'],
    rules: { '@typescript-eslint/no-unsafe-type-assertion': 'error' },
  },
  {
    // Lambda tells a function its environment in variables: its handler, and nothing else, reads them.
    files: ['cli/**/*.ts', 'test/**/*.{js,ts}', 'lambda/functions/*/handler.ts', 'lambda/local/functions.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Programs for a terminal.
    files: ['test/**/*.{js,ts}', 'tools/**/*.ts', 'lambda/local/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // A test states its cases, and builds objects that are wrong on purpose.
    files: ['test/**/*.{js,ts}'],
    rules: {
      'max-lines': 'off',
      complexity: 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);

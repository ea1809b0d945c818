// The table of rooms: eslint.config.js enforces it.

/** The layers of an environment: each a folder of `charts/` with its definition in the file of the same name. */
const LAYERS = ['storage', 'domain', 'identity', 'api', 'edge', 'monitoring', 'security', 'backup'];

const layerRooms = LAYERS.map((layer) => `charts/${layer}`);
const layerDefinitions = LAYERS.map((layer) => `definition of charts/${layer}`);
const chartRooms = [
  'charts/constructs',
  'charts/composites',
  'charts/environment',
  'charts/platform',
  'charts/delivery',
];
const imports = ['imports/base', 'imports'];
const lambdaRooms = ['domain', 'data', 'functions', 'operations', 'local'].map((name) => `lambda/${name}`);
const crossplane = ['reference', 'schema', 'definition', 'compose', 'server', 'embedded'].map(
  (name) => `crossplane/${name}`,
);

/** What a layer's files may import besides each other. */
const forLayers = [
  'charts/composites',
  'charts/constructs',
  'config',
  ...imports,
  'crossplane/reference',
  'crossplane/definition',
  'lambda/contract',
];

/** All but `test` and `tools`: what the composition root may import. */
const product = [
  'lambda/contract',
  ...lambdaRooms,
  'config',
  ...imports,
  ...crossplane,
  ...chartRooms,
  ...layerRooms,
  ...layerDefinitions,
  'charts',
  'kinds',
  'policy',
  'plan',
  'report',
  'release',
];

/**
 * The table of rooms: who may import whom. A room may always import itself; what is not written here is forbidden.
 * `docs/decisions/0003-rooms-in-lint.md` says why it stands here.
 */
const ROOMS = {
  'lambda/contract': [],
  'lambda/domain': ['lambda/contract'],
  'lambda/data': ['lambda/contract'],
  'lambda/operations': ['lambda/contract'],
  'lambda/functions': ['lambda/contract', 'lambda/domain', 'lambda/data'],
  'lambda/local': ['lambda/contract', 'lambda/functions', 'lambda/domain', 'lambda/data'],
  config: ['lambda/contract'],
  'imports/base': [],
  imports: ['imports/base'],
  'crossplane/reference': ['imports/base'],
  'crossplane/schema': ['imports/base'],
  'crossplane/definition': ['imports/base', 'crossplane/reference', 'crossplane/schema'],
  'crossplane/compose': ['imports/base', 'kinds', 'crossplane/reference', 'crossplane/schema', 'crossplane/definition'],
  'crossplane/server': ['imports/base', 'crossplane/reference', 'crossplane/schema', 'crossplane/compose'],
  kinds: ['imports/base', 'crossplane/reference', 'crossplane/schema'],
  'crossplane/embedded': [
    'imports/base',
    'kinds',
    'crossplane/reference',
    'crossplane/schema',
    'crossplane/definition',
    'crossplane/compose',
  ],
  'charts/constructs': [...imports, 'crossplane/reference', 'crossplane/definition', 'lambda/contract'],
  'charts/composites': [
    ...imports,
    'charts/constructs',
    'crossplane/reference',
    'crossplane/definition',
    'lambda/contract',
  ],
  ...Object.fromEntries(
    LAYERS.flatMap((layer) => {
      const room = `charts/${layer}`;
      return [
        [room, [`definition of ${room}`, ...forLayers]],
        [`definition of ${room}`, [room, ...forLayers]],
      ];
    }),
  ),
  'charts/environment': [...layerDefinitions, 'crossplane/definition', 'crossplane/reference', 'config', ...imports],
  'charts/platform': [
    ...imports,
    'crossplane/definition',
    'crossplane/reference',
    'crossplane/schema',
    'charts/constructs',
  ],
  'charts/delivery': [...imports, 'crossplane/definition', 'charts/constructs'],
  charts: [...chartRooms, ...layerRooms, ...layerDefinitions, 'crossplane/definition', ...imports],
  policy: [...imports, 'crossplane/schema'],
  plan: [
    'imports/base',
    'kinds',
    'crossplane/reference',
    'crossplane/embedded',
    'crossplane/compose',
    'crossplane/schema',
    'policy',
  ],
  report: [
    'imports/base',
    'crossplane/reference',
    'crossplane/definition',
    'crossplane/embedded',
    'crossplane/compose',
    'crossplane/schema',
    'policy',
    'plan',
  ],
  release: ['lambda/contract', 'config'],
  tools: ['crossplane/schema', 'imports/base', 'config', 'policy', 'report', 'cli'],
  cli: product,
  test: [...product, 'cli', 'tools'],
};

/** Rooms whose types, and only those, a room may import as well. */
const TYPES_ONLY = {
  policy: ['crossplane/compose'],
};

/** The files of a room; the first room that matches is the file's. */
export const FILES = [
  { category: 'imports/base', pattern: 'imports/base.ts' },
  ...LAYERS.map((layer) => ({ category: `definition of charts/${layer}`, pattern: `charts/${layer}/${layer}.ts` })),
  { category: 'charts', pattern: 'charts/{index,sources}.ts' },
  ...Object.keys(ROOMS)
    .filter((room) => room !== 'imports/base' && room !== 'charts' && !room.startsWith('definition of '))
    .map((room) => ({ category: room, pattern: `${room}/**/*` })),
];

/** The table as the boundaries plugin takes it. */
export const roomPolicies = [
  ...Object.entries(ROOMS).map(([room, allowed]) => ({
    from: { file: { categories: room } },
    allow: { to: { file: { categories: [room, ...allowed] } } },
  })),
  ...Object.entries(TYPES_ONLY).map(([room, allowed]) => ({
    from: { file: { categories: room } },
    allow: { to: { file: { categories: allowed } }, dependency: { kind: 'type' } },
  })),
];

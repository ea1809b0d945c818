import type { JsonObject } from '../../imports/base.ts';

/** Changes to the shortest file, and the path of the rule over several settings that they break, if any. */
export const RULE_CASES: readonly (readonly [name: string, changes: JsonObject, broken?: string])[] = [
  ['the shortest file', {}],
  ['the account that nobody has', { account: '000000000000' }, 'account'],
  ['a tier that follows from the name', { environment: 'staging', tier: 'staging' }],
  ['a tier against the name', { environment: 'staging', tier: 'production' }, 'tier'],
  ['another environment with its tier', { environment: 'preview', tier: 'development' }],
  ['another environment without its tier', { environment: 'preview' }, 'tier'],
  ['a name that Cognito reserves', { environment: 'myaws', tier: 'development' }, 'environment'],
  ['production that does not protect its data', { environment: 'production', protectData: false }, 'protectData'],
  ['production that says that it does', { environment: 'production', protectData: true }],
  ['one of that tier that does not', { environment: 'europe', tier: 'production', protectData: false }, 'protectData'],
  ['another that does not', { protectData: false }],
  ['a replica in the same region', { region: 'eu-west-1', replicaRegion: 'eu-west-1' }, 'replicaRegion'],
  ['a replica in the region that holds where none is said', { replicaRegion: 'ap-northeast-1' }, 'replicaRegion'],
  ['a replica elsewhere', { replicaRegion: 'ap-northeast-3' }],
  ['a tag key of AWS', { tags: { 'aws:x': 'a' } }, 'tags'],
  ['a tag key with a quote', { tags: { 'a"b': 'a' } }, 'tags'],
  ['an ordinary tag', { tags: { 'cost-center': 'a', owner: '運用 team' } }],
  ['as many tags as there may be', { tags: numbered(40, 'a') }],
  ['one tag more', { tags: numbered(41, 'a') }, 'tags'],
  ['a table replicated to nowhere', { storage: { table: { replica: true } } }, 'storage.table.replica'],
  ['files replicated to nowhere', { storage: { files: { replica: true } } }, 'storage.files.replica'],
  ['no replica, said', { storage: { table: { replica: false }, files: { replica: false } } }],
  [
    'replicas with a region',
    { replicaRegion: 'ap-northeast-3', storage: { table: { replica: true }, files: { replica: true } } },
  ],
  ['capacity within bounds', { storage: { table: { capacity: { minReadUnits: 100, maxWriteUnits: 5 } } } }],
  [
    'more read units at least than at most',
    { storage: { table: { capacity: { minReadUnits: 101 } } } },
    'storage.table.capacity.minReadUnits',
  ],
  [
    'fewer write units at most than at least',
    { storage: { table: { capacity: { maxWriteUnits: 4 } } } },
    'storage.table.capacity.minWriteUnits',
  ],
  ['threat protection without its plan', { identity: { threatProtection: 'audit' } }, 'identity.threatProtection'],
  [
    'threat protection with a lower plan',
    { identity: { threatProtection: 'enforced', plan: 'essentials' } },
    'identity.threatProtection',
  ],
  ['threat protection with its plan', { identity: { threatProtection: 'audit', plan: 'plus' } }],
  ['mails from the domain', { identity: { email: { from: 'a@dev.owlnest.example' } } }],
  ['mails from below the domain', { identity: { email: { from: 'a@mail.dev.owlnest.example', sender: 'ses' } } }],
  ['mails from elsewhere', { identity: { email: { from: 'a@owlnest.example' } } }, 'identity.email.from'],
  [
    'mails from a name that only ends so',
    { identity: { email: { from: 'a@xdev.owlnest.example' } } },
    'identity.email.from',
  ],
  [
    'a sender that Cognito cannot be',
    { identity: { email: { from: 'a@dev.owlnest.example', sender: 'cognito' } } },
    'identity.email.from',
  ],
  ['more sign-ins than requests', { edge: { waf: { requestsPer5Minutes: 99 } } }, 'edge.waf.signInRequestsPer5Minutes'],
  ['as many sign-ins as requests', { edge: { waf: { requestsPer5Minutes: 100 } } }],
  [
    'more sign-ins than requests unless said otherwise',
    { edge: { waf: { signInRequestsPer5Minutes: 2001 } } },
    'edge.waf.signInRequestsPer5Minutes',
  ],
  ['a budget of a service', { monitoring: { serviceBudgets: { 'AWS Key Management Service (KMS)': 4.5 } } }],
  ['a budget of what is no service', { monitoring: { serviceBudgets: { a$b: 4 } } }, 'monitoring.serviceBudgets'],
  ['too many budgets', { monitoring: { serviceBudgets: numbered(51, 1) } }, 'monitoring.serviceBudgets'],
  ['cold storage for long enough', { backup: { weekly: { coldAfterDays: 275 } } }],
  ['cold storage for a day too little', { backup: { weekly: { coldAfterDays: 276 } } }, 'backup.weekly.coldAfterDays'],
  [
    'cold storage of what is not kept so long',
    { backup: { weekly: { coldAfterDays: 1, retentionDays: 90 } } },
    'backup.weekly.coldAfterDays',
  ],
  ['copies to nowhere', { backup: { copyTo: { plans: ['daily'] } } }, 'backup.copyTo'],
  ['copies beside the replicas', { replicaRegion: 'eu-west-1', backup: { copyTo: { plans: ['daily'] } } }],
  ['copies elsewhere', { backup: { copyTo: { plans: ['daily'], region: 'eu-west-1' } } }],
  ['copies at home', { backup: { copyTo: { plans: ['daily'], region: 'ap-northeast-1' } } }, 'backup.copyTo.region'],
];

const REPLICAS: JsonObject = {
  replicaRegion: 'ap-northeast-3',
  storage: { table: { replica: true }, files: { replica: true } },
};

/** Changes to the shortest file, changes that follow them, and the path of the rule over changes that these break. */
export const TRANSITION_CASES: readonly (readonly [
  name: string,
  before: JsonObject,
  after: JsonObject,
  broken?: string,
])[] = [
  ['nothing new', {}, {}],
  ['another budget', {}, { budgetLimit: 61 }],
  ['another name', {}, { environment: 'staging' }, 'environment'],
  ['another account', {}, { account: '999999999999' }, 'account'],
  ['another account of what may be deleted', { protectData: false }, { account: '999999999999' }, 'account'],
  ['another region', { region: 'eu-west-1' }, { region: 'us-east-1' }, 'region'],
  ['another region than holds where none is said', {}, { region: 'us-east-1' }, 'region'],
  ['no region any more, which is another', { region: 'us-east-1' }, {}, 'region'],
  ['the region that held all along, said', {}, { region: 'ap-northeast-1' }],
  ['the region that holds unless said otherwise, left out', { region: 'ap-northeast-1' }, {}],
  [
    'production under another name that is to be less',
    { environment: 'europe', tier: 'production' },
    { environment: 'europe', tier: 'staging', protectData: false },
    'tier',
  ],
  [
    'what becomes production under another name',
    { environment: 'europe', tier: 'staging' },
    { environment: 'europe', tier: 'production' },
  ],
  ['replicas elsewhere', REPLICAS, { ...REPLICAS, replicaRegion: 'us-east-1' }, 'replicaRegion'],
  [
    'a replica elsewhere instead of the other',
    { replicaRegion: 'ap-northeast-3', storage: { table: { replica: true } } },
    { replicaRegion: 'us-east-1', storage: { files: { replica: true } } },
    'replicaRegion',
  ],
  ['replicas off', REPLICAS, {}],
  ['replicas on', {}, REPLICAS],
  ['another region for replicas to come', { replicaRegion: 'us-east-1' }, REPLICAS],
  ['the same replicas in another way', REPLICAS, { ...REPLICAS, storage: { files: { replica: true } } }],
];

function numbered(count: number, value: string | number): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`name${index}`, value]));
}

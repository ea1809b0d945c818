/** Decisions as the IAM User Guide describes them, and laws that hold of any policies. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, type Call, type Policies } from '../../../policy/access/evaluate.ts';
import { statementsIn, type Statement } from '../../../policy/statements.ts';
import type { JsonObject } from '../../../imports/base.ts';

const ACCOUNT = '123456789012';
const OTHER = '210987654321';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/main`;
const reader = { role: ROLE, account: ACCOUNT };
const query: Call = { principal: reader, action: 'dynamodb:Query', resource: TABLE, account: ACCOUNT };

const statements = (...list: readonly JsonObject[]): readonly Statement[] => statementsIn({ Statement: list });
const allow = (more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action: 'dynamodb:Query',
  Resource: TABLE,
  ...more,
});
const deny = (more: JsonObject = {}): JsonObject => allow({ Effect: 'Deny', ...more });
const root = (account = ACCOUNT): JsonObject => ({ AWS: `arn:aws:iam::${account}:root` });

describe('a role of the account', () => {
  it('may do what its own policy allows, on that resource alone', () => {
    const identity = statements(allow());
    expect(decide(query, { identity })).toBe('allowed');
    expect(decide({ ...query, action: 'DYNAMODB:query' }, { identity })).toBe('allowed');
    expect(decide({ ...query, action: 'dynamodb:Scan' }, { identity })).toBe('allowed by no statement');
    expect(decide({ ...query, resource: `${TABLE}2` }, { identity })).toBe('allowed by no statement');
    expect(decide(query, {})).toBe('allowed by no statement');
  });

  it('may not what any policy denies', () => {
    const identity = statements(allow());
    for (const denying of [
      { identity: [...identity, ...statements(deny({ Action: 'dynamodb:*' }))] },
      { identity, boundary: statements(allow({ Action: '*', Resource: '*' }), deny()) },
      { identity, resource: statements(deny({ Principal: '*' })) },
    ]) {
      expect(decide(query, denying)).toBe('denied by a statement');
    }
  });

  it('may no more than its boundary, also of what a resource gives to it by name', () => {
    const boundary = statements(allow({ Action: 's3:*', Resource: '*' }));
    expect(decide(query, { identity: statements(allow()), boundary })).toBe('allowed by no statement');
    const resource = statements(allow({ Principal: { AWS: ROLE } }));
    expect(decide(query, { resource })).toBe('allowed');
    expect(decide(query, { resource, boundary })).toBe('allowed by no statement');
  });

  it('is let in by a resource that names its account only together with its own policy', () => {
    const resource = statements(allow({ Principal: root() }));
    expect(decide(query, { resource })).toBe('allowed by no statement');
    expect(decide(query, { resource, identity: statements(allow()) })).toBe('allowed');
  });

  it('uses a key only where the policy of the key lets the account decide', () => {
    const policies = { identity: statements(allow()), resourceDecides: true };
    expect(decide(query, policies)).toBe('allowed by no statement');
    expect(decide(query, { ...policies, resource: statements(allow({ Principal: root() })) })).toBe('allowed');
    expect(decide(query, { ...policies, resource: statements(allow({ Principal: root(OTHER) })) })).toBe(
      'allowed by no statement',
    );
  });
});

describe('a role of another account', () => {
  const call: Call = { ...query, principal: { role: `arn:aws:iam::${OTHER}:role/reader`, account: OTHER } };
  const identity = statements(allow({ Action: '*', Resource: '*' }));

  it('needs both, its own policy and one of the resource that names it or its account', () => {
    expect(decide(call, { identity })).toBe('allowed by no statement');
    expect(decide(call, { identity, resource: statements(allow({ Principal: root() })) })).toBe(
      'allowed by no statement',
    );
    const resource = statements(allow({ Principal: root(OTHER) }));
    expect(decide(call, { resource })).toBe('allowed by no statement');
    expect(decide(call, { identity, resource })).toBe('allowed');
  });
});

describe('a service of AWS', () => {
  const call: Call = {
    ...query,
    principal: { service: 'events.amazonaws.com' },
    context: { 'aws:SourceAccount': ACCOUNT },
  };
  const resource = statements(
    allow({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: { 'AWS:SourceAccount': ACCOUNT } },
    }),
  );

  it('needs a statement that names it, and comes for whom the statement says', () => {
    expect(decide(call, { resource })).toBe('allowed');
    expect(decide({ ...call, context: { 'aws:SourceAccount': OTHER } }, { resource })).toBe('allowed by no statement');
    expect(decide({ ...call, context: {} }, { resource })).toBe('allowed by no statement');
    const principal = { service: 'sns.amazonaws.com' };
    expect(decide({ ...call, principal }, { resource })).toBe('allowed by no statement');
    expect(decide(call, { identity: statements(allow()) })).toBe('allowed by no statement');
  });
});

describe('a condition', () => {
  const decided = (condition: JsonObject, context: Call['context']): boolean =>
    decide(
      { ...query, ...(context === undefined ? {} : { context }) },
      {
        identity: statements(allow({ Condition: condition })),
      },
    ) === 'allowed';

  it.each<[string, JsonObject, Call['context'], boolean]>([
    ['one of several values', { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, true],
    ['another case', { StringEquals: { k: 'a' } }, { k: 'A' }, false],
    ['a key in another case', { StringEquals: { K: 'a' } }, { k: 'a' }, true],
    ['a missing key', { StringEquals: { k: 'a' } }, {}, false],
    ['a missing key, IfExists', { StringEqualsIfExists: { k: 'a' } }, {}, true],
    ['a missing key, the opposite', { StringNotEquals: { k: 'a' } }, {}, true],
    ['the opposite of one of several', { StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }, false],
    ['a pattern', { StringLike: { k: 'USER#*' } }, { k: 'USER#1' }, true],
    ['all values of many', { 'ForAllValues:StringLike': { k: 'USER#*' } }, { k: ['USER#1', 'POST#1'] }, false],
    ['all values of none', { 'ForAllValues:StringLike': { k: 'USER#*' } }, {}, true],
    ['any value of many', { 'ForAnyValue:StringLike': { k: 'USER#*' } }, { k: ['USER#1', 'POST#1'] }, true],
    ['any value of none', { 'ForAnyValue:StringLike': { k: 'USER#*' } }, {}, false],
    ['a truth value', { Bool: { 'aws:SecureTransport': false } }, { 'aws:SecureTransport': 'false' }, true],
    ['absence', { Null: { k: 'true' } }, {}, true],
    ['two operators, one of which fails', { StringEquals: { k: 'a' }, Null: { l: 'false' } }, { k: 'a' }, false],
  ])('%s', (_, condition, context, expected) => {
    expect(decided(condition, context)).toBe(expected);
  });

  it('with a policy variable is no decision', () => {
    expect(() => decided({ StringLike: { k: '${aws:username}' } }, { k: 'x' })).toThrow(/No evaluation of \$\{aws/);
  });

  it.each(['NumericLessThan', 'DateGreaterThan', 'StringEqualsIgnoreCase', ''])(
    'with the operator %j, which nobody has written, is no decision',
    (operator) => {
      expect(() => decided({ [operator]: { k: '1' } }, {})).toThrow(/No evaluation of the operator/);
    },
  );
});

it.each<[string, JsonObject]>([
  ['NotAction', { NotAction: 'dynamodb:Query' }],
  ['NotResource', { NotResource: TABLE }],
  ['NotPrincipal', { NotPrincipal: '*' }],
  ['arn:aws:s3:::home/${aws:username}', { Resource: 'arn:aws:s3:::home/${aws:username}' }],
])('%s is no decision', (element, statement) => {
  expect(() => decide(query, { identity: statements(deny(statement)) })).toThrow(
    `No evaluation of ${element} is written`,
  );
});

describe('whatever the policies are', () => {
  const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
  const statement = fc
    .record({
      Effect: oneOf('Allow', 'Deny'),
      Action: oneOf('dynamodb:Query', 'dynamodb:*', '*', 's3:GetObject'),
      Resource: oneOf(TABLE, '*', `${TABLE}/index/*`),
      Principal: oneOf<JsonObject[string]>(
        '*',
        root(),
        root(OTHER),
        { AWS: ROLE },
        { Service: 'events.amazonaws.com' },
      ),
    })
    .map((fields) => statements(fields));
  const some = fc.array(statement, { maxLength: 4 }).map((lists) => lists.flat());
  const policies: fc.Arbitrary<Policies> = fc.record({
    identity: some,
    resource: some,
    boundary: fc.option(some, { nil: undefined }),
    resourceDecides: fc.boolean(),
  });
  const call = oneOf<Call>(
    query,
    { ...query, principal: { role: `arn:aws:iam::${OTHER}:role/x`, account: OTHER } },
    { ...query, principal: { service: 'events.amazonaws.com' } },
    { ...query, resource: `${TABLE}/index/GSI1` },
  );
  const allows = (one: Call, by: Policies): boolean => decide(one, by) === 'allowed';

  it('one more denial never allows, and one more permission never takes away', () => {
    fc.assert(
      fc.property(
        call,
        policies,
        statement,
        oneOf<'identity' | 'resource'>('identity', 'resource'),
        (one, by, [extra], where) => {
          if (extra === undefined) return;
          const more = { ...by, [where]: [...(by[where] ?? []), extra] };
          if (extra.effect === 'Deny') expect(allows(one, more) && !allows(one, by)).toBe(false);
          else expect(!allows(one, more) && allows(one, by)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('a boundary only narrows, and the order of statements does not matter', () => {
    fc.assert(
      fc.property(call, policies, some, (one, by, boundary) => {
        const { boundary: _, ...without } = by;
        expect(allows(one, { ...without, boundary }) && !allows(one, without)).toBe(false);
        const turned = { ...by, identity: by.identity?.toReversed() ?? [], resource: by.resource?.toReversed() ?? [] };
        expect(decide(one, turned)).toBe(decide(one, by));
      }),
      { numRuns: 1000 },
    );
  });
});

/** What functions call is what the contract declares, both ways, and what `release/calls.json` says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES } from '../../lambda/contract/function-names.ts';
import { functions, type Use } from '../../lambda/contract/functions.ts';
import { recordedWalk } from './recorded-walk.ts';
import { askedBy, Recording } from './recording.ts';

const FILE = new URL('../../release/calls.json', import.meta.url);

let recording: Recording;
beforeAll(async () => {
  recording = await recordedWalk();
}, 60_000);

const texts = (uses: readonly Use[]): string[] => uses.map(({ call, on }) => `${call} on ${on}`).sort();

it.each(FUNCTION_NAMES)('%s asks for exactly what it declares', (name) => {
  expect(texts(recording.of(name).uses)).toEqual(texts(functions[name].uses));
});

it('release/calls.json is what was recorded; OWLNEST_GOLDEN=write writes it', () => {
  const recorded = Object.fromEntries(FUNCTION_NAMES.map((name) => [name, recording.of(name)]));
  if (process.env['OWLNEST_GOLDEN'] === 'write') writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(recorded);
});

describe('recording', () => {
  it('takes a transaction for its parts, and a batch for itself', () => {
    const TransactItems = [{ Put: {} }, { Update: {} }, { Delete: {} }, { ConditionCheck: {} }];
    expect(askedBy('DynamoDBClient', 'TransactWriteItemsCommand', { TransactItems })).toEqual({
      uses: ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map((action) => ({
        call: `dynamodb:${action}`,
        on: 'table',
      })),
    });
    expect(askedBy('DynamoDBClient', 'BatchGetItemCommand', {})).toEqual({
      uses: [{ call: 'dynamodb:BatchGetItem', on: 'table' }],
    });
  });

  it('knows calls of a user pool that IAM does not ask about', () => {
    expect(askedBy('CognitoIdentityProviderClient', 'SignUpCommand', {})).toEqual({ open: 'cognito-idp:SignUp' });
  });

  it('refuses a client that nobody knows, rather than not to see it', () => {
    expect(() => askedBy('STSClient', 'AssumeRoleCommand', {})).toThrow('STSClient is no client of which it is known');
  });

  it('refuses what a function does not declare, as IAM would, and lets tests themselves do everything', () => {
    const strict = new Recording();
    const asked = askedBy('DynamoDBClient', 'DeleteItemCommand', {});
    const see = (): void => {
      strict.see(asked);
    };
    expect(strict.as('counters', see)).toThrow(
      'counters is not authorized to perform dynamodb:DeleteItem on table: lambda/contract/functions.ts does not declare it.',
    );
    expect(see).not.toThrow();
  });
});

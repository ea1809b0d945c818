import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

const indexNames = ['GSI1', 'GSI2'] as const;
export type IndexName = (typeof indexNames)[number];

/** The table as the Storage layer declares it; for stores of tests and of the local server, which make it themselves. */
export function tableDefinition(name: string): CreateTableCommandInput {
  const keys = (prefix: string): NonNullable<CreateTableCommandInput['KeySchema']> => [
    { AttributeName: `${prefix}PK`, KeyType: 'HASH' },
    { AttributeName: `${prefix}SK`, KeyType: 'RANGE' },
  ];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['', ...indexNames].flatMap((prefix) => [
      { AttributeName: `${prefix}PK`, AttributeType: 'S' as const },
      { AttributeName: `${prefix}SK`, AttributeType: 'S' as const },
    ]),
    KeySchema: keys(''),
    GlobalSecondaryIndexes: indexNames.map((index) => ({
      IndexName: index,
      KeySchema: keys(index),
      Projection: { ProjectionType: 'ALL' as const },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

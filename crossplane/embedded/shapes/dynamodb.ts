import type { Shape } from './shape.ts';

/** Source: Amazon DynamoDB API Reference, TableDescription; a stream's label is the time of its making. */
export const dynamodbShapes: Readonly<Record<string, Shape>> = {
  Table: {
    atProvider: ({ name, account, region, forProvider }) => {
      const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
      const label = '2000-01-01T00:00:00.000';
      const stream = forProvider['streamEnabled'] === true;
      const { replica } = forProvider;
      return {
        id: name,
        arn,
        ...(stream ? { streamArn: `${arn}/stream/${label}`, streamLabel: label } : {}),
        ...(replica === undefined ? {} : { replica }),
      };
    },
  },
};

import type { ServiceFacts } from './facts.ts';

export const iam: ServiceFacts = {
  Role: {
    // IAM API Reference, Role.
    shape: { atProvider: ({ name, account }) => ({ id: name, arn: `arn:aws:iam::${account}:role/${name}` }) },
    charges: 'nothing',
  },
  RolePolicy: { charges: 'nothing' },
};

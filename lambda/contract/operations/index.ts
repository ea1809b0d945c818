import type { FunctionName } from '../function-names.ts';
import { commonProblems, signedInProblems, type ProblemCode } from '../problems.ts';
import { authOperations } from './auth.ts';
import { discussionOperations } from './discussion.ts';
import { fileOperations } from './file.ts';
import type { Operation } from './operation.ts';
import { postOperations } from './post.ts';
import { userOperations } from './user.ts';

export * from './operation.ts';
export { authOperations, discussionOperations, fileOperations, postOperations, userOperations };

/** Every operation of the REST API, by its operation id. */
export const operations = {
  ...authOperations,
  ...userOperations,
  ...discussionOperations,
  ...postOperations,
  ...fileOperations,
} as const;

export type OperationId = keyof typeof operations;

/** The operations as a list of the general type, with their ids. */
export const operationList: readonly (Operation & { readonly id: string })[] = Object.entries<Operation>(
  operations,
).map(([id, operation]) => ({ id, ...operation }));

/** Everything that an operation can answer besides its success. */
export function problemsOf(operation: Operation): readonly ProblemCode[] {
  return [
    ...commonProblems,
    ...(operation.permission === 'public' ? [] : signedInProblems),
    ...(operation.idempotent ? (['in-progress', 'idempotency-key-reused'] as const) : []),
    ...(operation.version === 'required' ? (['precondition-required', 'version-conflict'] as const) : []),
    ...(operation.problems ?? []),
  ];
}

/** Operations that one function serves. */
export function operationsOf(name: FunctionName): readonly (Operation & { readonly id: string })[] {
  return operationList.filter((operation) => operation.function === name);
}

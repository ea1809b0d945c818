/**
 * Every way in which a request can fail, by its code, with the HTTP status. The texts that people read stand in
 * `lambda/domain/messages.ts`, in Japanese and English.
 */
export const problemStatus = {
  'invalid-input': 400,
  'invalid-cursor': 400,
  unauthenticated: 401,
  'invalid-credentials': 401,
  forbidden: 403,
  suspended: 403,
  banned: 403,
  'not-on-list': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  attached: 409,
  'in-progress': 409,
  'invalid-transition': 409,
  'last-admin': 409,
  'list-full': 409,
  locked: 409,
  'moderators-full': 409,
  'not-clean': 409,
  'own-post': 409,
  'own-role': 409,
  'point-has-posts': 409,
  'quota-exceeded': 409,
  'role-request-pending': 409,
  'second-factor-missing': 409,
  'challenge-expired': 410,
  'code-expired': 410,
  deleted: 410,
  'version-conflict': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  'file-not-clean': 422,
  'file-too-large': 422,
  'filter-rejected': 422,
  'idempotency-key-reused': 422,
  'invalid-code': 422,
  'invalid-points': 422,
  'invalid-target': 422,
  'unsuitable-role': 422,
  'unsupported-file-type': 422,
  'weak-password': 422,
  'precondition-required': 428,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Readonly<Record<string, number>>;

export type ProblemCode = keyof typeof problemStatus;

/** What is wrong with one field of a request. */
export const FIELD_CODES = [
  'required',
  'unknown',
  'type',
  'length',
  'characters',
  'range',
  'count',
  'choice',
  'format',
  'distinct',
  'reference',
] as const;
export type FieldCode = (typeof FIELD_CODES)[number];

/** What any operation may answer; an operation declares only what comes on top. */
export const commonProblems = [
  'invalid-input',
  'not-found',
  'method-not-allowed',
  'too-large',
  'unsupported-media-type',
  'rate-limited',
  'internal',
  'unavailable',
] as const satisfies readonly ProblemCode[];

/** What any operation that wants a signed-in caller may answer on top. */
export const signedInProblems = [
  'unauthenticated',
  'forbidden',
  'suspended',
  'banned',
] as const satisfies readonly ProblemCode[];

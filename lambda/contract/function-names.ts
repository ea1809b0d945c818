/** Every Lambda function that exists, by the name that is part of its AWS name: `owlnest-<name>-<environment>`. */
export const FUNCTION_NAMES = [
  // They answer the REST and WebSocket APIs.
  'auth',
  'user',
  'discussion',
  'post',
  'file',
  'websocket',
  // They follow events.
  'post-confirmation',
  'publisher',
  'identity-sync',
  'counters',
  'push',
  'cleanup',
  'file-scan',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Every Lambda function of the application, by the name that is part of its AWS name: `owlnest-<name>-<environment>`. */
export const FUNCTION_NAMES = [
  // They answer the REST and WebSocket APIs.
  'auth',
  'user',
  'discussion',
  'post',
  'file',
  'moderation',
  'notification',
  'follow',
  'search',
  'analytics',
  'websocket',
  // They follow events.
  'post-confirmation',
  'publisher',
  'identity-sync',
  'counters',
  'timeline',
  'search-index',
  'notifications',
  'push',
  'cleanup',
  'file-scan',
  'sanction-expiry',
  // They look after the platform.
  'custom-metrics',
  'error-tracking',
  'slack-notifier',
  'finding-handler',
  'incident-response',
  'data-retention',
  'recovery-validation',
  'canary-writer',
  'security-scan',
  'compliance-report',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

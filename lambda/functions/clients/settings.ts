/** Time-outs and attempts of every SDK client, in milliseconds: the API itself gives up after ten seconds. */
export const clientSettings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2000 },
} as const;

import { z } from 'zod';

/** Requests of one address in five minutes; WAF takes no less than 10 (AWS WAF, rate-based rule statement). */
const requestsOfOneAddress = z.int().min(10).max(20000000);

/** `edge` of an environment: the distribution in front of everything, and its firewall. */
export const edgeSection = z.object({
  priceClass: z
    .enum(['100', '200', 'all'])
    .default('200')
    .describe('Where CloudFront answers from. 100 leaves Asia out, 200 leaves South America and Oceania out.'),
  waf: z
    .object({
      mode: z
        .enum(['block', 'count'])
        .default('block')
        .describe('Whether the firewall refuses what its rules find, or only counts it.'),
      requestsPer5Minutes: requestsOfOneAddress
        .default(2000)
        .describe('Requests that one address may make in five minutes.'),
      signInRequestsPer5Minutes: requestsOfOneAddress
        .default(100)
        .describe('Requests to sign in, register or reset a password that one address may make in five minutes.'),
      blockedCountries: z
        .array(
          z
            .string()
            .max(2)
            .regex(/^[A-Z]{2}$/),
        )
        .max(50)
        .default([])
        .describe('Countries that get no answer, as ISO 3166 codes of two capitals, such as KP.'),
      countOnly: z
        .array(
          z
            .string()
            .max(128)
            .regex(/^[A-Za-z0-9_-]+$/),
        )
        .max(50)
        .default([])
        .describe('Rules of the managed groups that only count, such as SizeRestrictions_BODY.'),
      regionalAcl: z
        .boolean()
        .default(false)
        .describe('Whether the API has a firewall of its own as well, at some 10 US dollars a month.'),
      logs: z.enum(['off', 'blocked', 'all']).default('blocked').describe('Which requests the firewall logs.'),
    })
    .prefault({})
    .describe('The web application firewall.'),
  contentSecurityPolicy: z
    .string()
    .min(1)
    .max(2000)
    .regex(/^[ -~]+$/)
    .optional()
    .describe(
      'Content-Security-Policy of all pages, in printable ASCII; unless said otherwise one that allows domainName and its APIs only.',
    ),
  shieldAdvanced: z
    .boolean()
    .default(false)
    .describe('Shield Advanced, at 3000 US dollars a month for at least a year.'),
});

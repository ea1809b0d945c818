import { z } from 'zod';

/** Requests of one address in five minutes; WAF takes no less than 10 (AWS WAF, rate-based rule statement). */
const requestsOfOneAddress = z.int().min(10).max(20000000);

/** `edge` of an environment: the distribution in front of everything, and its firewall. */
export const edgeSection = z.object({
  priceClass: z
    .enum(['100', '200', 'all'])
    .default('200')
    .describe(
      'Price class of CloudFront, which decides on its edge locations: 100 leaves Asia out, 200 leaves South America and Oceania out.',
    ),
  waf: z
    .object({
      mode: z
        .enum(['block', 'count'])
        .default('block')
        .describe(
          'Whether the web application firewall blocks the requests that its rules match, or only counts them.',
        ),
      requestsPer5Minutes: requestsOfOneAddress
        .default(2000)
        .describe('Number of requests that one IP address may make in five minutes.'),
      signInRequestsPer5Minutes: requestsOfOneAddress
        .default(100)
        .describe(
          'Number of requests to sign in, register or reset a password that one IP address may make in five minutes.',
        ),
      blockedCountries: z
        .array(
          z
            .string()
            .max(2)
            .regex(/^[A-Z]{2}$/),
        )
        .max(50)
        .default([])
        .describe('Countries whose requests are blocked, as ISO 3166 codes of two capital letters, such as KP.'),
      countOnly: z
        .array(
          z
            .string()
            .max(128)
            .regex(/^[A-Za-z0-9_-]+$/),
        )
        .max(50)
        .default([])
        .describe(
          'Rules of the managed rule groups that count requests instead of blocking them, such as SizeRestrictions_BODY.',
        ),
      regionalAcl: z
        .boolean()
        .default(false)
        .describe('Whether the REST API has a web ACL of its own as well, at some 10 US dollars a month.'),
      logs: z
        .enum(['off', 'blocked', 'all'])
        .default('blocked')
        .describe('Requests that the web application firewall logs.'),
    })
    .prefault({})
    .describe('Settings of the web application firewall (AWS WAF).'),
  contentSecurityPolicy: z
    .string()
    .min(1)
    .max(2000)
    .regex(/^[ -~]+$/)
    .optional()
    .describe(
      'Content-Security-Policy of all pages, in printable ASCII. The default allows domainName and its APIs only.',
    ),
  shieldAdvanced: z
    .boolean()
    .default(false)
    .describe('Whether AWS Shield Advanced protects the environment, at 3000 US dollars a month for at least a year.'),
});

/**
 * Forms of secrets that people paste by mistake. The forms are what their makers publish; AWS has none for secret access
 * keys but 40 characters of base64.
 */
const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['the id of an AWS access key', /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/],
  [
    'an AWS secret access key',
    /(?<![A-Za-z0-9/+=])(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])(?=[A-Za-z/+]{0,39}[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/,
  ],
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY/],
  ['the address of a Slack webhook', /hooks\.slack\.com\/(?:services|workflows|triggers)\//],
  ['a Slack token', /xox[a-z]-[A-Za-z0-9-]{10}|xapp-[0-9]-[A-Z0-9]/],
  ['a GitHub token', /gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}/],
  ['a GitLab token', /glpat-[A-Za-z0-9_-]{20}/],
  ['an npm token', /npm_[A-Za-z0-9]{36}/],
  ['a Google API key', /AIza[A-Za-z0-9_-]{35}/],
  ['a Stripe key', /(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16}/],
  ['a JSON web token', /eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10}/],
  ['a password in an address', /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,200}:[^\s@/]{1,200}@/i],
];

/** What the text seems to hold, in words: `a private key`. A guess by form: it can miss one, so it is no licence. */
export function secretIn(text: string): string | undefined {
  return FORMS.find(([, form]) => form.test(text))?.[0];
}

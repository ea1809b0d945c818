/** Texts in the forms of secrets, put together here so that no scanner takes this file for a leak. */
export const SECRETS: readonly (readonly [name: string, text: string])[] = [
  ['the id of an AWS access key', joined('AKIA', 'IOSFODNN7EXAMPLE')],
  ['the id of a temporary AWS access key', joined('ASIA', 'Y34FZKBOKMUTVV7A')],
  ['an AWS secret access key', joined('wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYEXAMPLEKEY')],
  [
    'the address of a Slack webhook',
    joined('https://hooks.slack.com/services/', 'T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'),
  ],
  ['a Slack token', joined('xoxb-', '123456789012-1234567890123-abcdefghijkl')],
  ['a GitHub token', joined('ghp_', '0123456789abcdefghijABCDEFGHIJ012345')],
  ['a fine-grained GitHub token', joined('github_pat_', '11ABCDEFG0123456789abc_defghij')],
  ['a GitLab token', joined('glpat-', 'abcdefghij0123456789')],
  ['an npm token', joined('npm_', '0123456789abcdefghijABCDEFGHIJ012345')],
  ['a Google API key', joined('AIza', 'SyA0123456789abcdefghijABCDEFGHIJ012')],
  ['a Stripe key', joined('sk_live_', '0123456789abcdefghij')],
  ['a JSON web token', joined('eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N_XgL0')],
  [
    'a private key',
    joined('-----BEGIN RSA PRIVATE ', 'KEY-----\nMIIEpAIBAAKCAQEA0123456789\n-----END RSA PRIVATE KEY-----'),
  ],
  ['a password in an address', joined('postgres://owlnest:', 'correcthorse@db.owlnest.example/main')],
];

function joined(...parts: readonly string[]): string {
  return parts.join('');
}

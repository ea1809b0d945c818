import { execa } from 'execa';
import { z } from 'zod';
import { installPython } from './python.ts';

const findings = z.array(z.object({ policy: z.string(), issue: z.string(), detail: z.string() }));

/** What parliament says of one policy. */
export type ParliamentFinding = z.infer<typeof findings>[number];

const SCRIPT = `
import json, sys
from parliament import analyze_policy_string
found = []
for name, text in json.load(sys.stdin).items():
    for finding in analyze_policy_string(text).findings:
        found.append({"policy": name, "issue": finding.issue, "detail": str(finding.detail)})
json.dump(found, sys.stdout)
`;

/** Installs parliament, a linter of IAM policies (PyPI), and gives the path of the Python that runs it. */
export function installParliament(): Promise<string> {
  return installPython({ what: 'parliament', name: 'parliament' });
}

/** Findings of parliament over policy documents, by name. */
export async function lintPolicies(
  python: string,
  policies: Readonly<Record<string, string>>,
): Promise<readonly ParliamentFinding[]> {
  const { stdout } = await execa(python, ['-c', SCRIPT], { input: JSON.stringify(policies) });
  return findings.parse(JSON.parse(stdout));
}

import type { Finding } from '../crossplane/embedded/findings.ts';
import type { EnvironmentReport } from './layers.ts';

/** Every finding of an environment as one sentence: environment and layer, resource, what is wrong, rule. */
export function findingSentences({ name, layers, findings }: EnvironmentReport): readonly string[] {
  const layerOf = (finding: Finding): string =>
    layers.find((layer) => layer.findings.includes(finding))?.name ?? 'environment';
  return findings.map((finding) => {
    const { resource, rule, message } = finding;
    const subject = message.includes(resource) ? '' : `${resource}: `;
    return `${name}, ${layerOf(finding)}: ${subject}${message} (rule: ${rule})`;
  });
}

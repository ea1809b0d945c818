import { readFileSync } from 'node:fs';
import { loadEnvironments } from '../../cli/environments.ts';
import { ROOT } from '../../cli/project.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { parseControls } from '../../policy/controls.ts';
import { layerReferences } from './layer-reference.ts';
import { policyReference } from './policy-reference.ts';

/** What is read from production as it ends. */
export function references(): readonly (readonly [string, string])[] {
  const toolchain = openToolchain();
  const environments = loadEnvironments(toolchain.schemas, toolchain.release);
  const production = environments.find(({ name }) => name === 'production');
  if (production === undefined)
    throw new Error('There is no config/production.json, which the references are made from.');
  const { report, objects } = convergeEnvironment(production, toolchain);
  const controls = parseControls(readFileSync(`${ROOT}policy/data/security-controls.json`, 'utf8'));
  return [
    ...layerReferences(report),
    ['docs/reference/policy.md', policyReference(controls, objects, toolchain.schemas)],
  ];
}

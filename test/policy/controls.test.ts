import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { environmentSchema } from '../../config/environment.ts';
import { settingsIn } from '../../config/schema.ts';
import { answers } from '../../policy/answers.ts';
import { answerTo, controlsOf, parseControls } from '../../policy/controls.ts';
import { rules } from '../../policy/rules/index.ts';
import { layers } from '../charts/layers.ts';
import { layerAtRest } from '../support/layer.ts';

const controls = parseControls(
  readFileSync(new URL('../../policy/data/security-controls.json', import.meta.url), 'utf8'),
);
const services = new Set(
  Object.values(layers).flatMap(({ rendered }) =>
    layerAtRest(rendered, rendered.everything).rendered.resources.map(
      ({ apiVersion }) => apiVersion.split('.')[0] ?? '',
    ),
  ),
);
const ours = controlsOf(controls, services);

describe('the controls of Security Hub', () => {
  it('are those of the services that a layer renders', () => {
    const prefixes = new Set(ours.map(({ id }) => id.split('.')[0]));
    expect([...prefixes].sort()).toEqual(['Cognito', 'DynamoDB', 'IAM', 'KMS', 'S3']);
    expect(controlsOf(controls, new Set())).toEqual([]);
  });

  it.each(ours.map((control) => [control.id, control] as const))(
    '%s is met by a rule, switched by a setting, or left out with a reason',
    (_, control) => {
      const answer = answerTo(control);
      expect(answer).toBeDefined();
      if (answer?.by !== 'rule') expect(answer?.reason).toMatch(/^[A-Z].*[^.]$/);
    },
  );

  it('are real: no rule and no answer names one that is not in the list', () => {
    const known = new Set(controls.map(({ id }) => id));
    const named = [...rules.flatMap((rule) => rule.controls), ...Object.keys(answers)];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it('have one answer each: what a rule meets is not explained away', () => {
    const met = new Set(rules.flatMap((rule) => rule.controls));
    expect(Object.keys(answers).filter((id) => met.has(id))).toEqual([]);
  });

  it('are switched by settings that are there', () => {
    const switched = Object.values(answers).flatMap(({ setting }) => (setting === undefined ? [] : [setting]));
    expect(switched.length).toBeGreaterThan(0);
    for (const setting of switched) {
      const found = setting.split('.').reduce<unknown>((schema, key) => settingsIn(schema)?.[key], environmentSchema);
      expect([setting, found !== undefined]).toEqual([setting, true]);
    }
  });
});

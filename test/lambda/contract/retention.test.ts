import { describe, expect, it } from '@jest/globals';
import { keptDays, retentionClasses, type RetentionClass } from '../../../lambda/contract/retention.ts';

const classes = Object.keys(retentionClasses) as RetentionClass[];

describe('retention', () => {
  it('has the nine classes, each for something of its own', () => {
    expect(classes).toHaveLength(9);
    expect(new Set(classes.map((name) => retentionClasses[name].what)).size).toBe(9);
  });

  it.each(classes)('%s is kept as the table says in production, and at most a year elsewhere', (name) => {
    const { days } = retentionClasses[name];
    expect(keptDays(name, 'production')).toBe(days);
    for (const tier of ['development', 'staging'] as const) expect(keptDays(name, tier)).toBe(Math.min(days, 365));
  });

  it('keeps what the law asks for seven and three years', () => {
    expect([keptDays('audit', 'production'), keptDays('moderation', 'production')]).toEqual([2555, 1095]);
    expect(keptDays('audit', 'staging')).toBe(365);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import { findingsOf } from '../../crossplane/embedded/findings.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { Key } from '../../imports/kms.ts';
import { Topic } from '../../imports/sns.ts';
import { compositeObject, testKind, worldOf, type World } from '../support/world.ts';

function findings({ plane, schemas }: World, passes = 50): readonly string[] {
  return findingsOf(plane.converge({ passes }), schemas).map(({ rule }) => rule);
}

describe('findings of an environment at rest', () => {
  it('are none when all is ready', () => {
    const kind = testKind('Pair', (chart) => {
      new Topic(chart, 'topic', { why: 'For a test', name: 'a', forProvider: {} });
      return {};
    });
    const world = worldOf([kind]);
    world.plane.apply(compositeObject(kind));
    expect(findings(world)).toEqual([]);
  });

  it('name a value that no shape gives: it would wait for ever', () => {
    const kind = testKind('Pair', (chart) => {
      const key = new Key(chart, 'key', { why: 'For a test', forProvider: {} });
      new Topic(chart, 'topic', {
        why: 'For a test',
        name: 'a',

        forProvider: { displayName: observed(key, (status) => status.atProvider.rotationPeriodInDays as never) },
      });
      return {};
    });
    const world = worldOf([kind]);
    world.plane.apply(compositeObject(kind));
    expect(findings(world)).toEqual(['waits-forever']);
  });

  it('name two objects of two composites with one AWS name', () => {
    const Child = testKind('Child', (chart) => {
      new Topic(chart, 'topic', { why: 'For a test', name: 'same', forProvider: {} });
      return {};
    });
    const Parent = testKind('Parent', (chart) => {
      new ChildComposite(chart, 'one', Child, { why: 'For a test', spec: {} });
      new ChildComposite(chart, 'two', Child, { why: 'For a test', spec: {} });
      return {};
    });
    const world = worldOf([Parent, Child]);
    world.plane.apply(compositeObject(Parent));
    expect(findings(world)).toEqual(['duplicate']);
  });

  it('name a composite with more resources than core takes well', () => {
    const kind = testKind('Pair', (chart) => {
      for (let index = 0; index < 26; index += 1) {
        new Topic(chart, `topic-${index}`, { why: 'For a test', name: `topic-${index}`, forProvider: {} });
      }
      return {};
    });
    const world = worldOf([kind]);
    world.plane.apply(compositeObject(kind));
    expect(findings(world)).toEqual(['size']);
  });

  it('name what is not ready for another reason, and an end that never comes', () => {
    const kind = testKind('Pair', (chart) => {
      new Topic(chart, 'topic', { why: 'For a test', name: 'a', forProvider: {} });
      return {};
    });
    const world = worldOf([kind]);
    world.plane.apply(compositeObject(kind));
    world.plane.inject([{ kind: 'fail', resource: 'Topic.sns.aws.m.upbound.io/test-topic' as ResourceId }]);
    expect(findings(world)).toEqual(['not-ready']);
    const young = worldOf([kind]);
    young.plane.apply(compositeObject(kind));
    expect(findings(young, 1)).toContain('restless');
  });
});

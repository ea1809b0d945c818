/** The AWS SDK at one version: packages of several bring their common parts into a bundle more than once. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';

const versions = z.record(z.string(), z.string());
const { dependencies, devDependencies } = z
  .object({ dependencies: versions, devDependencies: versions })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
const { packages } = z
  .object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) })
  .parse(JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')));

/** Numbered on their own, whatever the clients are at. */
const ON_THEIR_OWN = ['@aws-sdk/credential-provider-env', '@aws-sdk/util-dynamodb'];

test('every package of the AWS SDK that is numbered with the clients has the same version', () => {
  const ours = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => name.startsWith('@aws-sdk/'));
  const together = ours.filter(([name]) => !ON_THEIR_OWN.includes(name));
  expect(together.length).toBeGreaterThan(10);
  expect(new Set(together.map(([, version]) => version)).size).toBe(1);
});

test('no package of the AWS SDK is installed twice in one major version', () => {
  const places = Object.entries(packages).flatMap(([place, { version = '' }]) => {
    const name = /.*node_modules\/(@(?:aws-sdk|smithy)\/.+)$/.exec(place)?.[1];
    return name === undefined ? [] : [`${name} ${version.split('.')[0] ?? ''}`];
  });
  expect(places.length).toBeGreaterThan(20);
  expect(places.filter((place, at) => places.indexOf(place) < at)).toEqual([]);
});

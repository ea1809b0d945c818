import { test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { platformFiles, environmentFile } from '../../../charts/platform/index.ts';
import { platformInput, environment, release, rendered } from './rendered.ts';
test('dump', () => {
  writeFileSync(
    '/tmp/platform.json',
    JSON.stringify(
      {
        files: platformFiles(platformInput('staging', 'production')),
        env: environmentFile({
          environment: environment('production'),
          account: '123456789012',
          protectData: true,
          release,
        }),
        rendered: rendered('production'),
      },
      null,
      1,
    ),
  );
});

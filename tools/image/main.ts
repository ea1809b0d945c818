import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutRelease } from '../../cli/project.ts';
import { bundle, functionEntry } from '../bundle/bundle.ts';
import { functionFiles } from '../bundle/files.ts';
import { problemsOf } from './check.ts';
import { BASE_IMAGE, functionLayout, sha256 } from './layout.ts';

/** `npm run image`: writes the Function package to `build/image/` as an OCI layout, and checks it. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(root, 'build/image');
const release = checkoutRelease();
const layout = functionLayout(functionFiles(root, await bundle(root, functionEntry(root, release))), release.version);
const problems = problemsOf(layout);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  process.exitCode = 1;
} else {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of layout) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  console.log(
    `build/image: ${layout.size} files, index.json sha256:${sha256(layout.get('index.json') ?? Buffer.alloc(0))}`,
  );
  console.log(`Without its base, ${BASE_IMAGE.name}@${BASE_IMAGE.digest}: see docs/guides/function.md.`);
}

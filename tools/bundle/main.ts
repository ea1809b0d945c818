import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutRelease } from '../../cli/project.ts';
import { bundle, functionEntry } from './bundle.ts';
import { functionFiles } from './files.ts';

/** `npm run bundle`: writes `build/function/owlnest.mjs`, and what has to go with it. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(root, 'build/function');
const made = await bundle(root, functionEntry(root, checkoutRelease()));
const { code } = made;
mkdirSync(folder, { recursive: true });
for (const [name, content] of functionFiles(root, made)) writeFileSync(path.join(folder, name), content);
const digest = createHash('sha256').update(code).digest('hex');
console.log(`build/function/owlnest.mjs: ${(code.length / 1e6).toFixed(2)} MB, sha256:${digest}`);

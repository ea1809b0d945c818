import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, functionEntry } from './bundle.ts';

/** `npm run bundle`: writes `build/function/owlnest.mjs`. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(root, 'build/function');
const { code } = await bundle(root, functionEntry(root));
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'owlnest.mjs'), code);
const digest = createHash('sha256').update(code).digest('hex');
console.log(`build/function/owlnest.mjs: ${(code.length / 1e6).toFixed(2)} MB, sha256:${digest}`);

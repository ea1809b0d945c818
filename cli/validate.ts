import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { documentsIn, filesAt } from './documents.ts';
import { UserError } from './errors.ts';
import { openToolchain } from './toolchain.ts';

/** Checks every object in the files; a kind that OwlNest has no schema of is counted, not judged. */
export function validate(paths: readonly string[]): void {
  const { schemas } = openToolchain();
  const files = paths.flatMap(filesAt);
  if (files.length === 0) throw new UserError([`${paths.join(', ')}: no .yaml, .yml or .json file is there.`]);
  let checked = 0;
  let unknown = 0;
  const sentences = files.flatMap((file) =>
    documentsIn(file.text(), file).flatMap((document) => {
      if ('problem' in document) return [`${file.path}: ${document.problem}`];
      const found = problemsOf(document.object, schemas);
      if (found === undefined) unknown += 1;
      else checked += 1;
      return (found ?? []).map((problem) => `${file.path}: ${problem}`);
    }),
  );
  if (sentences.length > 0) throw new UserError(sentences);
  const others = unknown === 0 ? '' : `; ${unknown} of kinds without a schema here were not checked`;
  process.stdout.write(`${checked} objects in ${files.length} files are valid${others}.\n`);
}

/** Undefined for a kind without a schema. */
function problemsOf(object: KubernetesObject, schemas: SchemaRegistry): readonly string[] | undefined {
  return schemas
    .find(object)
    ?.validate(object)
    .map(({ resource, message }) => `${resource}: ${message}`);
}

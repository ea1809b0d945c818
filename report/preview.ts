import { groupOf } from '../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION, PREVIEW_ANNOTATION } from '../crossplane/reference/marks.ts';
import { asObject } from '../crossplane/schema/json.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { parentText, type EnvironmentReport } from './layers.ts';

/** A file of a rendered tree: its path below the tree's root, and its text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

const COMPOSITE_ANNOTATION = 'owlnest.io/composite';

/** `preview/<environment>/`: every object as it ends, and the inventory of identities. */
export function previewFiles(
  report: EnvironmentReport,
  yaml: (objects: readonly KubernetesObject[]) => string,
): readonly TextFile[] {
  const folder = `preview/${report.name}`;
  return [
    ...report.layers.map(({ name, resources }) => ({
      path: `${folder}/${name}.yaml`,
      text: yaml(sorted(resources).map(asPreview)),
    })),
    { path: `${folder}/composites.yaml`, text: yaml(report.composites.map(asPreview)) },
    { path: `${folder}/inventory.txt`, text: inventory(report) },
  ];
}

/** One line a resource: kind, object name, AWS name. What AWS makes up is not known before it has. */
function inventory(report: EnvironmentReport): string {
  const madeUp = report.composites.flatMap(({ status }) => Object.values(asObject(status?.['identities'])).map(String));
  const lines = report.layers.flatMap(({ resources }) =>
    sorted(resources).map((object) => {
      const kind = `${object.kind}.${groupOf(object.apiVersion)}`;
      return `${kind} ${object.metadata.name} ${awsNameOf(object, madeUp)}\n`;
    }),
  );
  return lines.join('');
}

/** @param madeUp what the stand-in for AWS has made up, which real names can also be made from: a replica's key id */
function awsNameOf({ metadata }: KubernetesObject, madeUp: readonly string[]): string {
  const name = metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? metadata.name;
  return madeUp.some((one) => name.includes(one)) ? '(made by AWS)' : name;
}

/** What differs from run to run or belongs to the API server alone is left out. */
function asPreview(object: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const parent = parentText(object);
  return {
    ...object,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      annotations: {
        ...annotations,
        ...(parent === undefined ? {} : { [COMPOSITE_ANNOTATION]: parent }),
        [PREVIEW_ANNOTATION]: 'true',
      },
    },
  };
}

function sorted(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const key = (object: KubernetesObject) => `${object.kind} ${object.metadata.name}`;
  return [...objects].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

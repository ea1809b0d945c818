import { groupOf } from '../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION, PREVIEW_ANNOTATION } from '../crossplane/reference/marks.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
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
  schemas: SchemaRegistry,
  yaml: (objects: readonly KubernetesObject[]) => string,
): readonly TextFile[] {
  const folder = `preview/${report.name}`;
  return [
    ...report.layers.map(({ name, resources }) => ({
      path: `${folder}/${name}.yaml`,
      text: yaml(sorted(resources).map(asPreview)),
    })),
    { path: `${folder}/composites.yaml`, text: yaml(report.composites.map(asPreview)) },
    { path: `${folder}/inventory.txt`, text: inventory(report, schemas) },
  ];
}

/** One line a resource: kind, object name, AWS name. What AWS makes up is not known before it has. */
function inventory(report: EnvironmentReport, schemas: SchemaRegistry): string {
  const lines = report.layers.flatMap(({ resources }) =>
    sorted(resources).map((object) => {
      const kind = `${object.kind}.${groupOf(object.apiVersion)}`;
      return `${kind} ${object.metadata.name} ${awsNameOf(object, schemas)}\n`;
    }),
  );
  return lines.join('');
}

function awsNameOf(object: KubernetesObject, schemas: SchemaRegistry): string {
  const owned = (object.metadata.managedFields ?? []).some((entry) =>
    JSON.stringify(entry['fieldsV1'] ?? {}).includes(`"f:${EXTERNAL_NAME_ANNOTATION}"`),
  );
  if (!owned && schemas.find(object)?.provider?.externalName.class === 'generated') return '(made by AWS)';
  return object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? object.metadata.name;
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

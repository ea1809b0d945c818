import { groupOf } from '../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION, PREVIEW_ANNOTATION, WHY_ANNOTATION } from '../crossplane/reference/marks.ts';
import { asObject } from '../crossplane/schema/json.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { parentText, type EnvironmentReport, type Layer } from './layers.ts';
import { policyFiles } from './policies.ts';
import type { TextFile } from './text-file.ts';

const COMPOSITE_ANNOTATION = 'owlnest.io/composite';

type WriteYaml = (objects: readonly KubernetesObject[]) => string;

/** `preview/<environment>/`: every object as it ends, each policy as a person reads it, the inventory of identities. */
export function previewFiles(report: EnvironmentReport, yaml: WriteYaml): readonly TextFile[] {
  const folder = `preview/${report.name}`;
  return [
    ...report.layers.map((layer) => ({ path: `${folder}/${layer.name}.yaml`, text: layerText(layer, yaml) })),
    { path: `${folder}/composites.yaml`, text: yaml(report.composites.map(asPreview)) },
    ...report.layers.flatMap(({ resources }) => policyFiles(resources, `${folder}/policies`)),
    { path: `${folder}/inventory.txt`, text: inventory(report) },
  ];
}

/** The resources of a layer below the composites that they are of, each with its heading. */
function layerText({ composites, resources }: Layer, yaml: WriteYaml): string {
  const groups = byName(composites).flatMap((composite) => {
    const { kind, metadata } = composite;
    const own = resources.filter((resource) => parentText(resource) === `${kind}/${metadata.name}`);
    const why = metadata.annotations?.[WHY_ANNOTATION];
    const heading = `# ${kind} ${metadata.name}${why === undefined ? '' : `: ${why}`}\n`;
    return own.length === 0 ? [] : [heading + yaml(byName(own).map(asPreview))];
  });
  return groups.join('---\n');
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

/**
 * What differs from run to run or belongs to the API server alone is left out, and the conditions: they are those of the
 * stand-in, and say nothing of AWS.
 */
function asPreview(object: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const parent = parentText(object);
  const { status, ...rest } = object;
  const { conditions: _, ...shown } = status ?? {};
  return {
    ...rest,
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
    ...(Object.keys(shown).length === 0 ? {} : { status: shown }),
  };
}

/** What is named alike stands together: a key and its alias, a bucket and what is set of it. */
function byName(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const key = (object: KubernetesObject) => `${object.metadata.name} ${object.kind}`;
  return [...objects].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function sorted(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const key = (object: KubernetesObject) => `${object.kind} ${object.metadata.name}`;
  return [...objects].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

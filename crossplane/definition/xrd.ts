import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { kindSchema, type KindSchema } from '../schema/registry.ts';
import type { StructuralSchema } from '../schema/structural.ts';
import { ACTIVATION_REQUIREMENT } from './activation-policy.ts';
import { contextSchema } from './context.ts';
import { API_VERSION } from './api.ts';
import type { CompositeKind } from './definition.ts';
import { compositionName, functionName, type ReleaseVersion } from './release.ts';
import { structuralSchema } from './crd-schema.ts';

const [GROUP = '', VERSION = ''] = API_VERSION.split('/');

/** What the schema registry knows of a composite kind: the object as the API server would check it. */
export function compositeKindSchema(kind: CompositeKind): KindSchema {
  const spec = specSchema(kind);
  const crossplane: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return kindSchema({
    gvk: { apiVersion: API_VERSION, kind: kind.kind },
    plural: kind.plural,
    schema: {
      type: 'object',
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        // What core adds to every XRD by itself.
        spec: { ...spec, properties: { ...spec.properties, crossplane } },
        status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    rules: kind.rules,
    transitions: kind.transitions,
  });
}

/** The CompositeResourceDefinition: the API of the kind. It carries no defaults, which would pass by release pins. */
export function xrdOf(kind: CompositeKind): KubernetesObject {
  const rules = [
    ...kind.rules.map(({ rule, message, fieldPath }) => ({ rule, message, fieldPath })),
    // The API server judges a rule that names `oldSelf` on updates only.
    ...kind.transitions.map(({ transition, message, fieldPath }) => ({ rule: transition, message, fieldPath })),
  ];
  const spec = { ...specSchema(kind), description: 'Desired settings of this composite.' };
  const schema: JsonObject = {
    type: 'object',
    description: kind.description,
    properties: {
      spec: { ...toJson(spec), ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }) },
      status: toJson(statusSchema(kind)),
    },
    required: ['spec'],
  };
  return {
    apiVersion: 'apiextensions.crossplane.io/v2',
    kind: 'CompositeResourceDefinition',
    metadata: { name: `${kind.plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: {
        kind: kind.kind,
        plural: kind.plural,
        singular: kind.kind.toLowerCase(),
        // Core drops an empty list when it writes the object back, and then finds that its names have changed.
        ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
        categories: ['owlnest'],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          referenceable: true,
          // Core adds SYNCED, READY and AGE itself.
          additionalPrinterColumns: [
            { name: 'RESOURCES', type: 'string', jsonPath: '.status.resources.text' },
            { name: 'WAITING', type: 'string', jsonPath: '.status.waitingText' },
            { name: 'HELD', type: 'string', jsonPath: '.status.heldText' },
            { name: 'INVALID', type: 'string', jsonPath: '.status.invalidText' },
            { name: 'RELEASE', type: 'string', jsonPath: '.status.release' },
          ],
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}

/** The Composition of the kind in a release: one step, our function, which is told what the cluster has activated. */
export function compositionOf(kind: CompositeKind, release: ReleaseVersion): KubernetesObject {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'Composition',
    metadata: { name: compositionName(kind.kind, release), labels: { 'owlnest.io/release': release.version } },
    spec: {
      compositeTypeRef: { apiVersion: API_VERSION, kind: kind.kind },
      mode: 'Pipeline',
      pipeline: [
        {
          step: 'compose',
          functionRef: { name: functionName(release) },
          requirements: { requiredResources: [ACTIVATION_REQUIREMENT] },
        },
      ],
    },
  };
}

function specSchema(kind: CompositeKind): StructuralSchema {
  const spec = structuralSchema(kind.schema);
  const properties = {
    ...spec.properties,
    ...(kind.takesContext ? { context: CONTEXT } : {}),
    ...(kind.inputs && {
      inputs: texts(kind.inputs, 'Values from the parent composite; a value is absent until it is known.'),
    }),
  };
  const sections = Object.entries(properties).map(([name, section]) => [name, asOneValue(section)] as const);
  const required = [...(spec.required ?? []), ...(kind.takesContext ? ['context'] : [])];
  return { ...spec, ...(required.length === 0 ? {} : { required }), properties: Object.fromEntries(sections) };
}

const CONTEXT = {
  ...structuralSchema(contextSchema),
  description: 'Settings of the environment, which the parent composite passes on.',
};

/** An object of texts, each with its sentence. */
function texts(sentences: Readonly<Record<string, string>>, description: string): StructuralSchema {
  const entries = Object.entries(sentences).map(([name, sentence]): [string, StructuralSchema] => [
    name,
    { type: 'string', description: sentence },
  ]);
  return { type: 'object', description, properties: Object.fromEntries(entries) };
}

/**
 * One hand writes a section, git's or the parent's, so it is applied as one value. Field by field, server-side apply
 * would make `null` of an object whose last setting goes (`"table": {}` after `"table": { "billing": … }`), and the API
 * server would refuse it; without `{}`, what is switched on by being there (`"canary": {}`) could not be said.
 */
function asOneValue(section: StructuralSchema): StructuralSchema {
  return section.type === 'object' ? { ...section, 'x-kubernetes-map-type': 'atomic' } : section;
}

/** Every field that `statusFields()` writes: core refuses a whole status for one unknown field. */
function statusSchema(kind: CompositeKind): StructuralSchema {
  const text = (description: string): StructuralSchema => ({ type: 'string', description });
  const entries = (description: string, fields: Readonly<Record<string, StructuralSchema>>): StructuralSchema => ({
    type: 'array',
    description,
    items: { type: 'object', properties: fields },
  });
  const message = text('The whole message, as in the condition Converged.');
  const resource = text('The resource, as <Kind>.<group>/<name>.');
  return {
    type: 'object',
    description: 'Result of the composition function, besides the conditions.',
    properties: {
      outputs: texts(
        kind.outputs ?? {},
        'Values that this composite gives to its parent; a value is absent until it is known.',
      ),
      waiting: entries('Resources that do not exist yet, and the resource or input that each waits for.', {
        resource,
        on: text('The resource that it waits for, or input for an input of this composite.'),
        field: text('The field that needs the value, or ready where it waits for readiness.'),
        message,
      }),
      held: entries('Resources that are kept as they are, and the reason of each.', {
        resource,
        reason: text('The reason in one word, for programs.'),
        field: text('The field that cannot be rendered, if the reason is a field.'),
        message,
      }),
      invalid: entries('Resources that do not match their schema.', {
        resource,
        path: text('The field that does not match.'),
        rule: text('The rule of the schema that is broken, such as required.'),
        message,
        received: { description: 'The value of the field.', 'x-kubernetes-preserve-unknown-fields': true },
      }),
      foreign: entries('Fields that another field manager has set.', {
        resource,
        field: text('The field that was set.'),
        manager: text('The name of the field manager in managedFields.'),
      }),
      identities: {
        type: 'object',
        description: 'External names that AWS generated, by resource; record them in git.',
        additionalProperties: { type: 'string' },
      },
      resources: {
        type: 'object',
        description: 'Managed resources of this composite and of all below it.',
        properties: {
          desired: { type: 'integer', description: 'Number of desired resources.' },
          observed: { type: 'integer', description: 'Number of resources that exist.' },
          ready: { type: 'integer', description: 'Number of resources that are ready.' },
          text: text('Ready and desired resources, such as 12/13.'),
        },
      },
      waitingText: text('Summary of waiting for the column WAITING: the first resource, and the number of others.'),
      heldText: text('Summary of held for the column HELD.'),
      invalidText: text('Summary of invalid for the column INVALID.'),
      release: text('Release whose charts composed the resources.'),
      observedGeneration: { type: 'integer', description: 'Generation of the composite that this status describes.' },
    },
  };
}

function toJson(schema: StructuralSchema): { readonly [key: string]: Json } {
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}

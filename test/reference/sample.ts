import { App, Chart } from 'cdk8s';
import { PureApiObject } from '../../imports/base.ts';

/** A status that has every shape, and fields named like the methods of a path. */
export interface SampleStatus {
  readonly arn?: string;
  readonly count?: number;
  readonly at?: string;
  readonly key?: { readonly where?: string };
  readonly where?: readonly { readonly at?: string; readonly name?: string }[];
  readonly labels?: { readonly [name: string]: string };
  readonly nameServers?: readonly string[];
  readonly options?: readonly { readonly domainName?: string; readonly value?: string }[];
}

class Sample extends PureApiObject<SampleStatus> {}

/** A resource with identity `Sample.example.org/it`. */
export function sample(): Sample {
  const chart = new Chart(new App(), 'chart', { disableResourceNameHashes: true });
  return new Sample(
    chart,
    'it',
    { apiVersion: 'example.org/v1', kind: 'Sample' },
    { metadata: { name: 'it' }, spec: {} },
  );
}

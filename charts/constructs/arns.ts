import type { IConstruct } from 'constructs';
import { contextOf, regionOf } from '../../crossplane/definition/chart.ts';
import type { FunctionName } from '../../lambda/contract/function-names.ts';
import { awsName } from './naming.ts';

/** The alias of a function that everybody calls: what is `live` changes, the ARN does not. */
export const LIVE = 'live';

/** The ARN of the alias `live` of a function of this environment: it follows from its name, so nobody has to wait for it. */
export function functionArn(construct: IConstruct, name: FunctionName): string {
  return `arn:aws:lambda:${regionOf(construct, 'home')}:${contextOf(construct).account}:function:${awsName(construct, name)}:${LIVE}`;
}

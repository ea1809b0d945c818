import type { Construct } from 'constructs';
import type { StorageSection } from '../../config/storage.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { pointBack } from '../../crossplane/reference/marks.ts';
import { Policy, Target } from '../../imports/appautoscaling.ts';
import { awsName, named } from '../constructs/naming.ts';
import { tagsOf } from '../constructs/tags.ts';

const SOURCE = 'charts/storage/capacity.ts';

/** Percent of the capacity that may be in use before more of it is added: what AWS recommends to begin with. */
const TARGET_PERCENT = 70;

/**
 * Auto scaling of a provisioned table and its indexes, reads and writes each. These resources do not wait for the table:
 * a provisioned table with a replica only becomes ready once its writes scale, and AWS refuses them until it is there.
 */
export function scaleCapacity(
  scope: Construct,
  props: {
    readonly context: Context;
    readonly capacity: StorageSection['table']['capacity'];
    readonly tableName: string;
    readonly indexes: readonly string[];
  },
): void {
  const { context, capacity, tableName } = props;
  const bounds = {
    Read: { minCapacity: capacity.minReadUnits, maxCapacity: capacity.maxReadUnits },
    Write: { minCapacity: capacity.minWriteUnits, maxCapacity: capacity.maxWriteUnits },
  };
  for (const index of [undefined, ...props.indexes]) {
    for (const way of ['Read', 'Write'] as const) {
      const of = index?.toLowerCase() ?? 'table';
      const scalable = {
        serviceNamespace: 'dynamodb',
        resourceId: index === undefined ? `table/${tableName}` : `table/${tableName}/index/${index}`,
        scalableDimension: `dynamodb:${index === undefined ? 'table' : 'index'}:${way}CapacityUnits`,
      };
      const id = `${of}-${way.toLowerCase()}`;
      const target = new Target(scope, `capacity-${id}`, {
        spec: { forProvider: { ...scalable, ...bounds[way], tags: tagsOf(context, 'table') } },
      });
      const policy = new Policy(scope, `scaling-${id}`, {
        metadata: named(awsName(`main-table-${id}`, context)),
        spec: {
          forProvider: {
            ...scalable,
            policyType: 'TargetTrackingScaling',
            targetTrackingScalingPolicyConfiguration: {
              predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${way}CapacityUtilization` },
              targetValue: TARGET_PERCENT,
            },
          },
        },
      });
      policy.addDependency(target);
      const subject = `${way.toLowerCase()}s of ${index === undefined ? 'the table' : `index ${index}`}`;
      pointBack(target, {
        source: SOURCE,
        config: 'storage.table.capacity',
        why: `Bounds the capacity for ${subject}`,
      });
      pointBack(policy, { source: SOURCE, config: 'storage.table.capacity', why: `Follows the load of ${subject}` });
    }
  }
}

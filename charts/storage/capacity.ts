import { Construct } from 'constructs';
import type { StorageSection } from '../../config/storage.ts';
import { about } from '../../crossplane/definition/about.ts';
import { nameInAws } from '../../crossplane/definition/chart.ts';
import * as appautoscaling from '../../imports/appautoscaling.ts';
import type * as dynamodb from '../../imports/dynamodb.ts';
import { awsName } from '../constructs/naming.ts';

/** Percent of the capacity that may be in use before more of it is added: what AWS recommends to begin with. */
const TARGET_PERCENT = 70;

interface TableCapacityProps {
  readonly table: dynamodb.Table;
  readonly capacity: StorageSection['table']['capacity'];
  readonly indexes: readonly string[];
}

/**
 * Auto scaling of a provisioned table and its indexes, reads and writes each. These resources do not wait for the table:
 * a provisioned table with a replica only becomes ready once its writes scale, and AWS refuses them until it is there.
 */
export class TableCapacity extends Construct {
  constructor(scope: Construct, id: string, { table, capacity, indexes }: TableCapacityProps) {
    super(scope, id);
    about(this, { config: 'storage.table.capacity', partOf: table });
    const tableName = nameInAws(table);
    const bounds = {
      Read: { minCapacity: capacity.minReadUnits, maxCapacity: capacity.maxReadUnits },
      Write: { minCapacity: capacity.minWriteUnits, maxCapacity: capacity.maxWriteUnits },
    };
    for (const index of [undefined, ...indexes]) {
      for (const way of ['Read', 'Write'] as const) {
        const scalable = {
          serviceNamespace: 'dynamodb',
          resourceId: index === undefined ? `table/${tableName}` : `table/${tableName}/index/${index}`,
          scalableDimension: `dynamodb:${index === undefined ? 'table' : 'index'}:${way}CapacityUnits`,
        };
        const of = `${index?.toLowerCase() ?? 'table'}-${way.toLowerCase()}`;
        const subject = `${way.toLowerCase()}s of ${index === undefined ? 'the table' : `index ${index}`}`;
        const target = new appautoscaling.Target(this, `${of}-bounds`, {
          why: `Bounds the capacity for ${subject}`,
          forProvider: { ...scalable, ...bounds[way] },
        });
        new appautoscaling.Policy(this, `${of}-scaling`, {
          why: `Follows the load of ${subject}`,
          name: awsName(this, `main-table-${of}`),
          after: [target],
          forProvider: {
            ...scalable,
            policyType: 'TargetTrackingScaling',
            targetTrackingScalingPolicyConfiguration: {
              predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${way}CapacityUtilization` },
              targetValue: TARGET_PERCENT,
            },
          },
        });
      }
    }
  }
}

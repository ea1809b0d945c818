import { ALARMS_OF_A_POLICY } from './dynamodb.ts';
import { regionOf, type ServiceFacts } from './facts.ts';
import { madeUp, type ShapeInput } from './shape.ts';

/** Reads and writes of a table have one name, so AWS's own ids are made of what tells them apart. */
const idOf = ({ account, region, name, forProvider }: ShapeInput) =>
  madeUp(`${account} ${region} ${name} ${String(forProvider['scalableDimension'])}`);

export const appautoscaling: ServiceFacts = {
  Target: {
    shape: {
      // Source: Application Auto Scaling API Reference, ScalableTarget.
      atProvider: (input) => ({
        id: input.name,
        arn: `arn:aws:application-autoscaling:${input.region}:${input.account}:scalable-target/${idOf(input).hex(36)}`,
      }),
    },
    charges: 'nothing',
  },
  Policy: {
    shape: {
      // Source: Application Auto Scaling API Reference, ScalingPolicy.
      atProvider: (input) => {
        const { serviceNamespace, resourceId } = input.forProvider;
        const policy = `${idOf(input).uuid()}:resource/${String(serviceNamespace)}/${String(resourceId)}:policyName/${input.name}`;
        return { id: input.name, arn: `arn:aws:autoscaling:${input.region}:${input.account}:scalingPolicy:${policy}` };
      },
    },
    charges: (object) => [{ price: 'alarm', units: ALARMS_OF_A_POLICY, region: regionOf(object) }],
  },
};

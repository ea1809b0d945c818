import { ALARMS_OF_A_POLICY } from './dynamodb.ts';
import { regionOf, type ServiceFacts } from './facts.ts';

export const appautoscaling: ServiceFacts = {
  Target: { charges: 'nothing' },
  Policy: { charges: (object) => [{ price: 'alarm', units: ALARMS_OF_A_POLICY, region: regionOf(object) }] },
};

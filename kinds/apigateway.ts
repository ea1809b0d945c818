import type { ServiceFacts } from './facts.ts';

export const apigateway: ServiceFacts = {
  RestAPI: {
    // Deployments and stages are parts of their API: `/restapis/{id}/stages`.
    partsNameItBy: 'restApiId',
    charges: 'nothing',
  },
  Deployment: {
    // API Gateway API reference, DeleteDeployment; the text is the service's (terraform-provider-aws issue 19805).
    refusesDeletion: ({ apiVersion, externalName }, { others }) =>
      others.some(
        (other) =>
          other.kind === 'Stage' &&
          other.apiVersion === apiVersion &&
          other.forProvider['deploymentId'] === externalName,
      )
        ? 'BadRequestException: Active stages pointing to this deployment must be moved or deleted'
        : undefined,
    charges: 'nothing',
  },
};

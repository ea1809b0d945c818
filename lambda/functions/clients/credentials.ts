import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Lambda gives a function the credentials of its role in variables. In a bundle this module stands for
 * `@aws-sdk/credential-provider-node` (`release/bundle.ts`), under the name that the SDK's clients import: the other sources
 * of credentials, such as profiles and metadata services, come with clients of four more services.
 */
export const defaultProvider: typeof fromEnv = fromEnv;

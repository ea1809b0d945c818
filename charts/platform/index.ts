export { activationOf, assertActivated } from './activation.ts';
export { admissionObjects } from './admission.ts';
export { environmentFile, type EnvironmentFileInput } from './environment-file.ts';
export { platformFiles, type PlatformFile, type PlatformInput } from './platform.ts';
export { CORE_ARGUMENTS, crossplaneValues } from './values.ts';

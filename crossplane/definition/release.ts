/** A commit with a version: what a composition function and its charts were built from. */
export interface Release {
  /** Semantic version, such as `1.4.0`. */
  readonly version: string;
  /** The code of the Lambda functions: SHA-256 of the zip in hexadecimal digits, by function. */
  readonly functions: Readonly<Record<string, string>>;
}

/** As much of a release as names need. */
export type ReleaseVersion = Pick<Release, 'version'>;

/** `1.4.0` as part of a Kubernetes name: `1-4-0`. */
export function releaseSuffix(release: ReleaseVersion): string {
  return release.version.replaceAll(/[.+]/g, '-').toLowerCase();
}

/** Name of the Composition of this kind in this release: `storage-1-4-0`. */
export function compositionName(kind: string, release: ReleaseVersion): string {
  return `${kind.toLowerCase()}-${releaseSuffix(release)}`;
}

/** Name of the Function object of this release: `owlnest-1-4-0`. */
export function functionName(release: ReleaseVersion): string {
  return `owlnest-${releaseSuffix(release)}`;
}

/** A commit with a version: what a composition function and its charts were built from. */
export interface Release {
  /** Semantic version, such as `1.4.0`. */
  readonly version: string;
}

/** `1.4.0` as part of a Kubernetes name: `1-4-0`. */
export function releaseSuffix(release: Release): string {
  return release.version.replaceAll(/[.+]/g, '-').toLowerCase();
}

/** Name of the Composition of this kind in this release: `storage-1-4-0`. */
export function compositionName(kind: string, release: Release): string {
  return `${kind.toLowerCase()}-${releaseSuffix(release)}`;
}

/** Name of the Function object of this release: `owlnest-1-4-0`. */
export function functionName(release: Release): string {
  return `owlnest-${releaseSuffix(release)}`;
}

/** The entity tag of a version, for what was read in a list. */
export function versionTag({ version }: { readonly version: number }): string {
  return `"${version}"`;
}

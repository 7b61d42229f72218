/** In the order of the walk: by name, a folder before what is in it. */
export function isBefore(names: readonly string[], cursor: readonly string[]): boolean {
  for (const [index, name] of names.entries()) {
    const other = cursor[index];
    if (other === undefined) return false;
    if (name !== other) return name < other;
  }
  return names.length < cursor.length;
}

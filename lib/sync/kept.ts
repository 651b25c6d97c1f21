/**
 * A copy for what is kept after its source is gone. The runtime makes a part of a text by pointing into the whole: an id or a
 * name that was read from a drawing holds all of its XML.
 */
export function kept<T>(value: T): T {
  // In a list: a text alone is no copy but handed back as it is.
  return structuredClone<[T]>([value])[0];
}

/** "Did you mean": the known name that differs least from one that is not known. */

/**
 * The nearest of `names`, or `undefined` when none is near: at most a quarter of the letters (and never more than three)
 * may be added, left out, changed or swapped with a neighbour. Case and underscores cost nothing.
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.min(3, Math.floor(name.length / 4)) + 1;
  for (const candidate of names) {
    const distance = editDistance(bare(name), bare(candidate));
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

function bare(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** Optimal string alignment: Levenshtein's distance, with the swap of two neighbours as one edit. */
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + changed,
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        cost = Math.min(cost, at(beforePrevious, column - 2) + 1);
      }
      current.push(cost);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

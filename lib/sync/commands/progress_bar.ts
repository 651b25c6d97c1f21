/** `[#########·············] 12/30 Order intake`: how far a command is. */

const WIDTH = 24;

export function progressBar(done: number, total: number, what: string): string {
  const filled = total <= 0 ? 0 : Math.min(WIDTH, Math.round((done / total) * WIDTH));
  return `[${"#".repeat(filled)}${"·".repeat(WIDTH - filled)}] ${done}/${total} ${what}`;
}

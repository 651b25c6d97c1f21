/** Breaks texts into lines that fit. */
import { advance, textWidth } from "./text_width.ts";

export interface Fitted {
  readonly lines: readonly string[];
  readonly size: number;
}

/** Longer names are no names; the picture must stay small whatever the file says. */
const MAX_CHARACTERS = 600;

/** Distance of lines, in sizes. */
export const LEADING = 1.2;

export interface Wrapped {
  readonly lines: readonly string[];
  /** A word was so long that it was broken where no mark allows it. */
  readonly breaksWords: boolean;
}

/** Line breaks of the text are kept. */
export function wrap(words: string, width: number, size: number): Wrapped {
  const lines: string[] = [];
  let breaksWords = false;
  const short = [...words].slice(0, MAX_CHARACTERS).join("");
  const space = advance(" ");
  const room = width * 1000 / size;
  for (const paragraph of short.trim().split(/\r?\n/)) {
    let line = "";
    let taken = 0;
    for (const word of paragraph.split(/[^\S\u00a0]+/).filter((part) => part !== "")) {
      const needed = advance(word);
      if (line !== "" && taken + space + needed <= room) {
        line = `${line} ${word}`;
        taken += space + needed;
        continue;
      }
      if (line !== "") lines.push(line);
      const { pieces, isForced } = broken(word, room);
      breaksWords ||= isForced;
      lines.push(...pieces.slice(0, -1));
      line = pieces.at(-1) ?? "";
      taken = advance(line);
    }
    lines.push(line);
  }
  return { lines, breaksWords };
}

/** The largest size of letters in which the text fits into the box; in the smallest one it is cut. */
export function fit(words: string, width: number, height: number): Fitted {
  for (const size of SIZES) {
    const { lines, breaksWords } = wrap(words, width, size);
    if (!breaksWords && lines.length * size * LEADING <= height) return { lines, size };
  }
  const { lines } = wrap(words, width, SMALLEST);
  const room = Math.max(Math.floor(height / (SMALLEST * LEADING)), 1);
  if (lines.length <= room) return { lines, size: SMALLEST };
  return { lines: [...lines.slice(0, room - 1), withDots(lines[room - 1] ?? "", width)], size: SMALLEST };
}

const SMALLEST = 9;
const SIZES: readonly number[] = [12, 11, 10, SMALLEST];

function withDots(line: string, width: number): string {
  const characters = [...line];
  while (characters.length > 0 && textWidth(`${characters.join("")}…`, SMALLEST) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

interface Broken {
  readonly pieces: readonly string[];
  /** Where no mark allows it. */
  readonly isForced: boolean;
}

/**
 * A word that is too long is broken after a hyphen or a slash, else wherever it must.
 * @param room thousandths of the size of letters
 */
function broken(word: string, room: number): Broken {
  if (advance(word) <= room) return { pieces: [word], isForced: false };
  const pieces: string[] = [];
  let isForced = false;
  let piece = "";
  for (const part of word.split(/(?<=[-/_.])/)) {
    if (advance(piece + part) <= room) {
      piece += part;
      continue;
    }
    if (piece !== "") pieces.push(piece);
    piece = "";
    for (const character of part) {
      if (piece !== "" && advance(piece + character) > room) {
        pieces.push(piece);
        piece = "";
        isForced = true;
      }
      piece += character;
    }
  }
  return { pieces: [...pieces, piece], isForced };
}

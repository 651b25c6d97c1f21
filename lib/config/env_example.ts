/** Renders `.env.example` from the tables, so that it cannot fall behind the code. */
import type { Setting, SettingsTable } from "./setting.ts";

export interface SettingsGroup {
  readonly title: string;
  readonly table: SettingsTable;
}

/** Required settings stand ready to be filled in; those with a default or a choice are commented out. */
export function envExample(groups: readonly SettingsGroup[]): string {
  const written = new Set<string>();
  return groups.map(({ title, table }) => {
    const fresh = Object.entries<Setting>(table).filter(([name]) => !written.has(name));
    for (const [name] of fresh) written.add(name);
    return `# ---- ${title} ----\n\n${fresh.map(([name, setting]) => entry(name, setting)).join("\n")}`;
  }).join("\n");
}

function entry(name: string, setting: Setting): string {
  const notes = [
    setting.doc,
    ...setting.secret ? [`Secret: can be kept in a file, named by ${name}_FILE.`] : [],
    ...setting.aliases?.length ? [`Also read as ${setting.aliases.join(", ")}.`] : [],
  ];
  const comment = wrap(notes.join(" "), 116).map((line) => `# ${line}\n`).join("");
  const required = setting.default === undefined && !setting.optional;
  return `${comment}${required ? "" : "#"}${name}=${quoted(setting.default ?? setting.example)}\n`;
}

/** `#` begins a comment and blanks at the ends are lost unless the value is quoted. */
function quoted(value: string): string {
  if (!/[#\n"'`]|^\s|\s$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

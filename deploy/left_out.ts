/**
 * What an executable does without. A compiler takes every package in the lock file, whole; the programs need a third of
 * that, and the runtime keeps all of it in memory.
 */
import { z } from "zod";

/** The part of `deno info --json` that says which packages there are and who imports them. */
const graph = z.object({
  modules: z.array(z.object({ npmPackage: z.string().optional() })),
  npmPackages: z.record(z.string(), z.object({ dependencies: z.array(z.string()), localPath: z.string() })),
});

/** Read by people, editors and debuggers; code, data and licences are what remains. */
const NOT_FOR_RUNNING = /\/(?!licen[cs]e)[^/]*\.(map|md|[cm]?ts)$/i;

/**
 * Absolute paths for `deno compile --exclude`: folders of packages that the program does not import, directly or through
 * others, and of all other packages the files that no runtime reads.
 * @param entry the program's entry file, as an absolute path
 */
export async function leftOut(entry: string): Promise<string[]> {
  await deno("cache", "--quiet", entry);
  const { modules, npmPackages } = graph.parse(JSON.parse(await deno("info", "--json", entry)));
  const used = new Set<string>();
  const use = (name: string) => {
    if (used.has(name)) return;
    used.add(name);
    npmPackages[name]?.dependencies.forEach(use);
  };
  for (const { npmPackage } of modules) if (npmPackage !== undefined) use(npmPackage);
  const folders = Map.groupBy(Object.entries(npmPackages), ([name]) => used.has(name));
  // Two entries of the lock file may stand for one folder.
  const kept = new Set((folders.get(true) ?? []).map(([, { localPath }]) => localPath));
  const unused = (folders.get(false) ?? []).map(([, { localPath }]) => localPath).filter((path) => !kept.has(path));
  const unread = await Promise.all(Array.from(kept, (path) => filesIn(path)));
  return [...unused, ...unread.flat().filter((path) => NOT_FOR_RUNNING.test(path))];
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesIn(path));
    else found.push(path);
  }
  return found;
}

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`deno ${args.join(" ")}:\n${text(stderr)}`);
  return text(stdout);
}

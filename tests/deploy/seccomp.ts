/**
 * Runs a program under the system call filter that its systemd unit gives it, without systemd:
 *
 *     deno run -A tests/deploy/seccomp.ts "@system-service @pkey" "@privileged @resources" program [argument…]
 *
 * As `SystemCallFilter=` does, it allows what the first sets hold without what the others do, and answers EPERM to every
 * other call. The sets are systemd's own, their numbers libseccomp's; the filter belongs to this thread and survives its
 * `execve`.
 */

/** What systemd always adds to a list of allowed calls. */
const ALWAYS = "@default";
const EPERM = 1;
/** From seccomp.h. */
const SCMP_ACT_ALLOW = 0x7fff0000;
const SCMP_ACT_ERRNO = 0x00050000;

/** The calls of systemd's sets, with those of the sets within. */
function callsOf(sets: readonly string[]): Set<string> {
  const calls = new Set<string>();
  const open = [...sets];
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    const { success, stdout } = new Deno.Command("systemd-analyze", { args: ["syscall-filter", set] }).outputSync();
    if (!success) throw new Error(`systemd knows no set ${set}`);
    const lines = new TextDecoder().decode(stdout).split("\n").slice(1);
    for (const word of lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"))) {
      if (word.startsWith("@")) open.push(word);
      else calls.add(word);
    }
  }
  return calls;
}

const cString = (text: string) => new TextEncoder().encode(`${text}\0`);

function load(calls: ReadonlySet<string>): void {
  const seccomp = Deno.dlopen("libseccomp.so.2", {
    seccomp_init: { parameters: ["u32"], result: "pointer" },
    seccomp_syscall_resolve_name: { parameters: ["buffer"], result: "i32" },
    // A variadic function; without conditions on arguments the count of them is the last one read.
    seccomp_rule_add_array: { parameters: ["pointer", "u32", "i32", "u32", "pointer"], result: "i32" },
    seccomp_load: { parameters: ["pointer"], result: "i32" },
  });
  const filter = seccomp.symbols.seccomp_init(SCMP_ACT_ERRNO | EPERM);
  for (const call of calls) {
    const number = seccomp.symbols.seccomp_syscall_resolve_name(cString(call));
    // Below zero: another architecture's.
    if (number >= 0) seccomp.symbols.seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 0, null);
  }
  const failure = seccomp.symbols.seccomp_load(filter);
  if (failure !== 0) throw new Error(`The filter was not taken: error ${-failure}`);
}

/** Becomes the program; returns only if it cannot. */
function become(path: string, args: readonly string[]): never {
  const libc = Deno.dlopen("libc.so.6", { execv: { parameters: ["buffer", "buffer"], result: "i32" } });
  const words = [path, ...args].map(cString);
  const pointers = new BigUint64Array(words.length + 1);
  words.forEach((word, index) => pointers[index] = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(word))));
  libc.symbols.execv(cString(path), pointers);
  throw new Error(`${path} could not be started`);
}

const [allowed, refused, path, ...args] = Deno.args;
if (allowed === undefined || refused === undefined || path === undefined) {
  throw new Error("Usage: seccomp.ts ALLOWED REFUSED PROGRAM [ARGUMENT…]");
}
load(callsOf([...allowed.split(" "), ALWAYS]).difference(callsOf(refused.split(" "))));
become(path, args);

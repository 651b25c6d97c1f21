/**
 * A TCP proxy that fails as networks do: it can swallow bytes while both sides believe they are connected, cut what is
 * open, and refuse what is new. (The idea is pg-boss's halfOpenProxy.)
 */

/** What happens to the bytes of one direction: passed on, or taken and lost without a word. */
export type Flow = "forward" | "swallow";

export interface Proxy extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
  /** Connections open at the moment. */
  readonly connections: number;
  /** Connections taken since the start: a client that comes back raises it. */
  readonly accepted: number;
  /** From the client to the target; existing connections follow. @default "forward" */
  toTarget: Flow;
  /** From the target to the client. @default "forward" */
  toClient: Flow;
  /** Whether new connections are closed at once. @default false */
  refuse: boolean;
  /** Ends every open connection. */
  cut(): void;
}

export function startProxy(targetHost: string, targetPort: number): Proxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const pairs = new Set<readonly [Deno.Conn, Deno.Conn]>();
  const pending = new Set<Promise<void>>();
  let accepted = 0;

  const proxy: Proxy = {
    hostname: listener.addr.hostname,
    port: listener.addr.port,
    toTarget: "forward",
    toClient: "forward",
    refuse: false,
    get connections() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
    cut() {
      for (const pair of pairs) pair.forEach(closeQuietly);
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      proxy.cut();
      await accepting;
      await Promise.all(pending);
    },
  };

  const serve = async (client: Deno.Conn) => {
    let target: Deno.Conn;
    try {
      target = await Deno.connect({ hostname: targetHost, port: targetPort });
    } catch {
      return client.close();
    }
    const pair = [client, target] as const;
    pairs.add(pair);
    await Promise.race([
      pump(client, target, () => proxy.toTarget),
      pump(target, client, () => proxy.toClient),
    ]);
    pair.forEach(closeQuietly);
    pairs.delete(pair);
  };

  const accept = async () => {
    for await (const client of listener) {
      if (proxy.refuse) {
        client.close();
        continue;
      }
      accepted++;
      const served = serve(client).finally(() => pending.delete(served));
      pending.add(served);
    }
  };
  const accepting = accept();
  return proxy;
}

/** Ends when either side does. */
async function pump(from: Deno.Conn, to: Deno.Conn, flow: () => Flow): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const size = await from.read(buffer);
      if (size === null) return;
      if (flow() === "swallow") continue;
      for (let sent = 0; sent < size;) sent += await to.write(buffer.subarray(sent, size));
    }
  } catch {
    // Cut, by us or by the other side.
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}

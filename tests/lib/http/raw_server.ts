/** A server that does with each connection what a test wants, below HTTP. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
}

/** `answer` gets the beginning of what the client sent; the connection is closed after it. */
export function startRawServer(answer: (connection: Deno.Conn, request: string) => Promise<void>): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(65_536);
      const length = await connection.read(buffer) ?? 0;
      await answer(connection, new TextDecoder().decode(buffer.subarray(0, length)));
      try {
        connection.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    }
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

/** A port on which nobody listens. */
export function deadPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

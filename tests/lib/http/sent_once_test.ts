import assert from "node:assert/strict";
import { HttpClient, HttpError } from "../../../lib/http/http_client.ts";

/** Answers the first request of each connection and reads, but never answers, the second: as a server that dies. */
function startForgetfulServer() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const seen: string[] = [];
  const read = async (connection: Deno.Conn) => {
    const buffer = new Uint8Array(65_536);
    const length = await connection.read(buffer) ?? 0;
    const request = new TextDecoder().decode(buffer.subarray(0, length));
    if (request !== "") seen.push(request.split(" ")[1] ?? "");
    return request;
  };
  const serve = async (connection: Deno.Conn) => {
    const first = await read(connection);
    if (first.includes("/warm")) {
      await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
      await read(connection);
    }
    connection.close();
  };
  const serving = (async () => {
    const connections: Promise<void>[] = [];
    for await (const connection of listener) connections.push(serve(connection));
    await Promise.all(connections);
  })();
  return {
    baseUrl: `http://127.0.0.1:${listener.addr.port}`,
    seen,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("without keep-alive a request whose answer is lost is sent once, and called ambiguous", async () => {
  await using server = startForgetfulServer();
  const { baseUrl } = server;
  const client = new HttpClient({ name: "Portal", baseUrl, settingName: "X", timeoutMs: 5_000, keepAlive: false });
  await client.request({ method: "POST", path: "/warm", json: {} });
  await assert.rejects(
    client.request({ method: "POST", path: "/create", json: {} }),
    (error) => error instanceof HttpError && error.ambiguous,
  );
  client.close();
  assert.deepEqual(server.seen.filter((path) => path === "/create"), ["/create"]);
});

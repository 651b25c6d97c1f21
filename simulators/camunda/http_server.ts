/**
 * Serves a fetch handler over node:http. Not `Deno.serve`, because that cannot end a connection without an answer: even a body
 * that fails at once goes out behind a status line, and a client that has seen 204 knows what a lost answer must hide.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Buffer } from "node:buffer";

/** What a handler may do to the connection that its request came on. */
export interface Connection {
  /** Closes it without an answer. */
  drop(): void;
}

export type FetchHandler = (request: Request, connection: Connection) => Response | Promise<Response>;

export interface HttpServer extends AsyncDisposable {
  readonly port: number;
}

export async function serveHttp(hostname: string, port: number, handler: FetchHandler): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    // The client may have gone; there is nobody left to tell.
    answer(incoming, outgoing, handler).catch(() => incoming.socket.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no TCP port");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handler: FetchHandler): Promise<void> {
  const request = await requestOf(incoming);
  let dropped = false;
  const response = await handler(request, {
    drop() {
      dropped = true;
      incoming.socket.destroy();
    },
  });
  if (dropped) return;
  const body = Buffer.from(await response.arrayBuffer());
  for (const [name, value] of response.headers) outgoing.setHeader(name, value);
  if (response.status !== 204) outgoing.setHeader("content-length", body.length);
  outgoing.writeHead(response.status);
  outgoing.end(body);
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { method = "GET", url = "/", headers } = incoming;
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const flat = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value ?? "")]);
  return new Request(new URL(url, `http://${headers.host ?? "127.0.0.1"}`), {
    method,
    headers: flat,
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
}

import fc from "fast-check";
import assert from "node:assert/strict";
import { HttpClient, type HttpClientOptions, HttpError, type HttpRequest } from "../../../lib/http/http_client.ts";
import { deadPort, startRawServer } from "./raw_server.ts";

const token = "s3cr3t-token";

function clientOf(baseUrl: string, more: Partial<HttpClientOptions> = {}) {
  const client = new HttpClient({
    name: "Target",
    baseUrl,
    settingName: "TARGET_BASE_URL",
    timeoutMs: 5_000,
    ...more,
  });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

function serve(handler: Deno.ServeHandler) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  return Object.assign(server, { baseUrl: `http://127.0.0.1:${server.addr.port}` });
}

async function failureOf(client: HttpClient, request: HttpRequest): Promise<HttpError> {
  try {
    await client.request(request);
  } catch (error) {
    assert.ok(error instanceof HttpError, `${error}`);
    return error;
  }
  assert.fail("the request succeeded");
}

Deno.test("every status resolves, with headers and body", async () => {
  await using server = serve(() => new Response('{"why":"because"}', { status: 503, headers: { "retry-after": "7" } }));
  using client = clientOf(server.baseUrl);
  const answer = await client.request({ method: "GET", path: "/x" });
  assert.deepEqual([answer.status, answer.ok, answer.headers.get("retry-after"), answer.json()], [
    503,
    false,
    "7",
    { why: "because" },
  ]);
});

Deno.test("JSON, forms and raw bodies are sent with their content type, headers are asked for anew", async () => {
  const seen: string[] = [];
  await using server = serve(async (request) => {
    const { headers, url } = request;
    const type = headers.get("content-type")?.split(";")[0] ?? null;
    seen.push([headers.get("x-turn"), new URL(url).pathname, type, await request.text()].join(" "));
    return new Response();
  });
  let turn = 0;
  using client = clientOf(`${server.baseUrl}/base/`, { headers: () => ({ "x-turn": `${++turn}` }) });
  await client.request({ method: "POST", path: "/json", json: { a: "ё" } });
  await client.request({ method: "POST", path: "/form", form: { a: "1&2", b: "" } });
  await client.request({ method: "PUT", path: "/raw", body: "text", headers: { "content-type": "text/x" } });
  assert.deepEqual(seen, [
    '1 /base/json application/json {"a":"ё"}',
    "2 /base/form application/x-www-form-urlencoded a=1%262&b=",
    "3 /base/raw text/x text",
  ]);
});

Deno.test("query values arrive as they were given, absent ones do not", async () => {
  await using server = serve((request) => Response.json([...new URL(request.url).searchParams]));
  using client = clientOf(server.baseUrl);
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ unit: "grapheme" }), fc.option(fc.string({ unit: "grapheme" }), { nil: undefined })),
      async (query) => {
        const answer = await client.request({ method: "GET", path: "/q", query });
        assert.deepEqual(answer.json(), Object.entries(query).filter(([, value]) => value !== undefined));
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("connections are reused", async () => {
  const ports = new Set<number>();
  await using server = serve((_request, { remoteAddr }) => {
    if (remoteAddr.transport === "tcp") ports.add(remoteAddr.port);
    return new Response("x");
  });
  using client = clientOf(server.baseUrl);
  for (let turn = 0; turn < 5; turn++) await client.request({ method: "POST", path: "/", json: turn });
  assert.equal(ports.size, 1);
});

Deno.test("a redirect is an answer and is not followed", async () => {
  let asked = 0;
  await using server = serve(() => {
    asked++;
    return new Response(null, { status: 302, headers: { location: "/login" } });
  });
  using client = clientOf(server.baseUrl);
  assert.equal((await client.request({ method: "POST", path: "/x", json: {} })).status, 302);
  assert.equal(asked, 1);
});

Deno.test("a refused connection names the setting and took no effect", async () => {
  const port = deadPort();
  using client = clientOf(`http://127.0.0.1:${port}/base`);
  const error = await failureOf(client, { method: "POST", path: "/x", json: {} });
  assert.deepEqual([error.kind, error.ambiguous], ["refused", false]);
  assert.equal(
    error.message,
    `Cannot reach Target at http://127.0.0.1:${port} (POST /x): connection refused. Is it running, and is TARGET_BASE_URL right?`,
  );
});

Deno.test("an unknown host took no effect", async () => {
  using client = clientOf("http://no-such-host.invalid");
  const error = await failureOf(client, { method: "POST", path: "/x" });
  assert.deepEqual([error.kind, error.ambiguous], ["dns", false]);
});

Deno.test("a time-out leaves a POST ambiguous, not a GET, and covers a body that stalls", async () => {
  const silent = Promise.withResolvers<void>();
  await using server = serve(async (request) => {
    if (new URL(request.url).pathname === "/stalls") {
      return new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(3)) }));
    }
    await silent.promise;
    return new Response();
  });
  using _release = { [Symbol.dispose]: silent.resolve };
  using client = clientOf(server.baseUrl, { timeoutMs: 100 });
  const post = await failureOf(client, { method: "POST", path: "/x", json: {} });
  assert.deepEqual([post.kind, post.ambiguous], ["timeout", true]);
  assert.match(post.message, /no answer within 0\.1 s/);
  const get = await failureOf(client, { method: "GET", path: "/x" });
  assert.deepEqual([get.kind, get.ambiguous], ["timeout", false]);
  const stalled = await failureOf(client, { method: "POST", path: "/stalls" });
  assert.deepEqual([stalled.kind, stalled.ambiguous], ["timeout", true]);
});

Deno.test("a connection that breaks is ambiguous, before the answer and inside it", async () => {
  await using server = startRawServer(async (connection, request) => {
    if (!request.includes("/part")) return;
    await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"));
  });
  using client = clientOf(`http://127.0.0.1:${server.port}`);
  for (const path of ["/none", "/part"]) {
    const error = await failureOf(client, { method: "POST", path, json: {} });
    assert.deepEqual([path, error.kind, error.ambiguous], [path, "reset", true]);
  }
});

Deno.test("an answer beyond the limit is refused without reading it all", async () => {
  await using server = serve(() =>
    new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) }))
  );
  using client = clientOf(server.baseUrl, { maxResponseBytes: 100_000 });
  const error = await failureOf(client, { method: "POST", path: "/x" });
  assert.deepEqual([error.kind, error.ambiguous], ["too_large", true]);
});

Deno.test("an aborted request ends at once; one that was never sent took no effect", async () => {
  const arrived = Promise.withResolvers<void>();
  const silent = Promise.withResolvers<void>();
  await using server = serve(async () => {
    arrived.resolve();
    await silent.promise;
    return new Response();
  });
  using _release = { [Symbol.dispose]: silent.resolve };
  using client = clientOf(server.baseUrl);
  const stop = new AbortController();
  const failure = failureOf(client, { method: "POST", path: "/x", signal: stop.signal });
  await arrived.promise;
  stop.abort();
  const { kind, ambiguous } = await failure;
  assert.deepEqual([kind, ambiguous], ["aborted", true]);
  const unsent = await failureOf(client, { method: "POST", path: "/x", signal: stop.signal });
  assert.deepEqual([unsent.kind, unsent.ambiguous], ["aborted", false]);
});

Deno.test("text that is not JSON says which setting may be wrong", async () => {
  await using server = serve(() => new Response("<html>Log in</html>"));
  using client = clientOf(server.baseUrl);
  const answer = await client.request({ method: "GET", path: "/x" });
  assert.throws(() => answer.json(), /Target answered 200 with something that is not JSON\. Does TARGET_BASE_URL/);
});

Deno.test("no error carries the secret of a webhook URL", async () => {
  await using broken = startRawServer(async (connection, request) => {
    if (request.includes("/garbage")) await connection.write(new TextEncoder().encode("garbage\r\n\r\n"));
  });
  const silent = Promise.withResolvers<void>();
  await using server = serve(async (request) => {
    if (request.url.includes("/slow")) await silent.promise;
    return new Response("x".repeat(2_000));
  });
  using _release = { [Symbol.dispose]: silent.resolve };
  const bases = [
    ...[deadPort(), broken.port, server.addr.port].map((port) => `http://127.0.0.1:${port}`),
    `https://127.0.0.1:${server.addr.port}`,
    "http://no-such-host.invalid",
  ];
  const kinds = new Set<string>();
  for (const base of bases) {
    using client = clientOf(`${base}/rest/1/${token}`, { hideUrl: true, timeoutMs: 300, maxResponseBytes: 1_000 });
    for (const path of ["/plain", "/slow", "/garbage"]) {
      const error = await failureOf(client, { method: "POST", path, query: { auth: token }, json: {} });
      kinds.add(error.kind);
      assert.equal(error.cause, undefined);
      assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, new RegExp(token));
      assert.match(error.message, /Target at (127\.0\.0\.1:\d+|no-such-host\.invalid) \(POST\)/);
    }
  }
  assert.deepEqual([...kinds].sort(), ["dns", "other", "refused", "reset", "timeout", "tls", "too_large"]);
});

Deno.test("a certificate counts only if a public or the named authority vouches for it", {
  ignore: !(await hasOpenssl()),
}, async () => {
  const folder = await Deno.makeTempDir();
  const [keyFile, certFile] = [`${folder}/key.pem`, `${folder}/cert.pem`];
  await openssl(
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
    ["-keyout", keyFile, "-out", certFile, "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"],
    // A certificate that may sign itself is not accepted as a server's.
    ["-addext", "basicConstraints=critical,CA:FALSE"],
  );
  const [key, cert] = await Promise.all([Deno.readTextFile(keyFile), Deno.readTextFile(certFile)]);
  const options = { hostname: "127.0.0.1", port: 0, key, cert, onListen() {} };
  await using server = Deno.serve(options, () => new Response("private"));
  const baseUrl = `https://127.0.0.1:${server.addr.port}`;

  using trusting = clientOf(baseUrl, { caFile: certFile });
  assert.equal((await trusting.request({ method: "GET", path: "/" })).text, "private");
  using wary = clientOf(baseUrl);
  const error = await failureOf(wary, { method: "POST", path: "/" });
  assert.deepEqual([error.kind, error.ambiguous], ["tls", false]);
  assert.match(error.message, /its certificate is not accepted \(\w+\).*\*_CA_FILE/);
  await Deno.remove(folder, { recursive: true });
});

async function hasOpenssl(): Promise<boolean> {
  try {
    return (await new Deno.Command("openssl", { args: ["version"] }).output()).success;
  } catch {
    return false;
  }
}

async function openssl(...args: string[][]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: args.flat() }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

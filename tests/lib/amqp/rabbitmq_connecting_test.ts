/** Connecting to RabbitMQ: every way in which it fails names what to mend, and no secret. */
import assert from "node:assert/strict";
import { canStartRabbitMqNode, rabbitMqAvailable, startRabbitMqNode } from "../../services/rabbitmq.ts";
import { eventually } from "./eventually.ts";
import { connect, connectToOwnVhost, ready } from "./rabbitmq_fixture.ts";

const ignore = !rabbitMqAvailable;

const nowhere = {
  RABBITMQ_HOST: "127.0.0.1",
  RABBITMQ_PORT: "5672",
  RABBITMQ_USERNAME: "exchanger",
  RABBITMQ_PASSWORD: "pa55-of-the-test",
  RABBITMQ_VIRTUAL_HOST: "/prod",
};

/** What `state().problem` says once connecting has failed, checked for secrets. */
async function problemOf(settings: Readonly<Record<string, string>>): Promise<string> {
  await using under = connect(settings);
  const { broker, log } = under;
  await eventually(() => / RabbitMQ_?|RABBITMQ_|AMQP/.test(problem()), "a problem that names a cause");
  function problem() {
    const told = broker.state().problem ?? "";
    return /yet$/.test(told) ? "" : told;
  }
  await assert.rejects(broker.inspect("q"), new RegExp(problem().slice(0, 20).replace(/[^ \w]/g, ".")));
  const { RABBITMQ_USERNAME: user, RABBITMQ_PASSWORD: password = "" } = settings;
  const everything = [problem(), ...log.messages].join("\n");
  assert.ok(password === user || !everything.includes(password), everything);
  assert.ok(log.codes.includes("amqp.connection_failed"));
  return problem();
}

Deno.test({
  name: "a refused password is said to be a fault of settings",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const problem = await problemOf({ ...test.vhost.settings, RABBITMQ_PASSWORD: "wr0ng-password" });
    assert.match(problem, /refuses the password of user "guest": check RABBITMQ_USERNAME and RABBITMQ_PASSWORD/);
  },
});

Deno.test({
  name: "a missing virtual host is said to be a fault of settings",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    const problem = await problemOf({ ...test.vhost.settings, RABBITMQ_VIRTUAL_HOST: "/nowhere" });
    assert.match(problem, /virtual host "\/nowhere".*does not exist.*RABBITMQ_VIRTUAL_HOST/);
  },
});

Deno.test("a refused connection asks whether the broker runs", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  closed.close();
  const problem = await problemOf({ ...nowhere, RABBITMQ_PORT: String(closed.addr.port) });
  assert.match(problem, /connection refused. Is it running, and are RABBITMQ_HOST and RABBITMQ_PORT right/);
});

Deno.test("a server that does not speak AMQP asks for the right port", async () => {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => new Response());
  const problem = await problemOf({ ...nowhere, RABBITMQ_PORT: String(server.addr.port) });
  assert.match(problem, /does not speak AMQP. Is RABBITMQ_PORT the AMQP port, and does it want RABBITMQ_TLS=true/);
});

Deno.test("a broker that says nothing is given up after 10 s instead of being waited for for ever", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const held: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) held.push(connection);
  })();
  try {
    const problem = await problemOf({ ...nowhere, RABBITMQ_PORT: String(listener.addr.port) });
    assert.match(problem, /no answer. Is RABBITMQ_HOST right/);
  } finally {
    listener.close();
    await accepting;
    for (const connection of held) connection.close();
  }
});

Deno.test("a CA file that is not there is named", async () => {
  const problem = await problemOf({ ...nowhere, RABBITMQ_TLS: "true", RABBITMQ_CA_FILE: "/nowhere/ca.pem" });
  assert.match(problem, /RABBITMQ_CA_FILE \/nowhere\/ca\.pem/);
});

Deno.test({
  name: "the connections carry the program's name",
  ignore,
  async fn() {
    await using test = await connectToOwnVhost();
    await test.vhost.connections(2);
    const listed = await test.vhost.manage("GET", `vhosts/${test.vhost.name}/connections`);
    const text = JSON.stringify(listed);
    assert.match(text, /"connection_name":"test publishing"/);
    assert.match(text, /"connection_name":"test consuming"/);
  },
});

Deno.test({
  name: "AMQPS is verified: our own authority by its file, another one and another host name are refused",
  ignore: !canStartRabbitMqNode,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "exchanger-tls-" });
    try {
      const authority = await makeAuthority(folder, "authority");
      const stranger = await makeAuthority(folder, "stranger");
      const tls = await makeCertificate(folder, authority, "DNS:localhost");
      await using node = await startRabbitMqNode({ tls });
      const settings = {
        ...nowhere,
        RABBITMQ_HOST: "localhost",
        RABBITMQ_PORT: String(node.tlsPort),
        RABBITMQ_USERNAME: "guest",
        RABBITMQ_PASSWORD: "guest",
        RABBITMQ_VIRTUAL_HOST: "/",
        RABBITMQ_TLS: "true",
        RABBITMQ_CA_FILE: tls.authority,
      };
      {
        await using under = connect(settings);
        await ready(under.broker);
      }
      const refused = { ...settings, RABBITMQ_PASSWORD: "not-even-sent" };
      assert.match(await problemOf({ ...refused, RABBITMQ_HOST: "127.0.0.1" }), /TLS failed/);
      assert.match(await problemOf({ ...refused, RABBITMQ_CA_FILE: stranger.certificate }), /TLS failed/);
      const { RABBITMQ_CA_FILE: _, ...withoutFile } = refused;
      assert.match(await problemOf(withoutFile), /TLS failed/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

interface Authority {
  readonly certificate: string;
  readonly key: string;
}

async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const [certificate, key] = [`${folder}/${name}.pem`, `${folder}/${name}.key`];
  await openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    key,
    "-out",
    certificate,
  );
  return { certificate, key };
}

async function makeCertificate(folder: string, authority: Authority, subjectAltName: string) {
  const [certificate, key, request] = [`${folder}/server.pem`, `${folder}/server.key`, `${folder}/server.csr`];
  const extensions = `${folder}/extensions`;
  await Deno.writeTextFile(extensions, `subjectAltName=${subjectAltName}\n`);
  await openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=broker", "-keyout", key, "-out", request);
  await openssl(
    "x509",
    "-req",
    "-in",
    request,
    "-days",
    "2",
    "-CA",
    authority.certificate,
    "-CAkey",
    authority.key,
    "-CAcreateserial",
    "-extfile",
    extensions,
    "-out",
    certificate,
  );
  return { authority: authority.certificate, certificate, key };
}

async function openssl(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, stdin: "null" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

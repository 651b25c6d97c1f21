/** What systemd does at its end of NOTIFY_SOCKET: takes datagrams and keeps them. */
import { eventually } from "../lib/amqp/eventually.ts";

export class NotifySocket implements AsyncDisposable {
  readonly datagrams: string[] = [];
  readonly #socket: Deno.DatagramConn;
  readonly #received: Promise<void>;

  constructor(path: string) {
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path });
    this.#received = this.#receive();
  }

  static async inFolder(folder: string): Promise<NotifySocket & { path: string }> {
    const path = `${await Deno.realPath(folder)}/notify`;
    return Object.assign(new NotifySocket(path), { path });
  }

  /** What was told in order, without the status lines. */
  get states(): string[] {
    return this.datagrams.map((datagram) => datagram.split("\n")[0] ?? "").filter((state) =>
      !state.startsWith("STATUS")
    );
  }

  async told(datagram: string | RegExp): Promise<void> {
    const matches = (text: string) => typeof datagram === "string" ? text === datagram : datagram.test(text);
    await eventually(
      () => this.datagrams.some(matches),
      `systemd is told ${datagram}; so far: ${this.datagrams.join(" | ")}`,
    );
  }

  async #receive(): Promise<void> {
    for await (const [bytes] of this.#socket) this.datagrams.push(new TextDecoder().decode(bytes));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#received;
  }
}

import type { ChannelModel } from "amqplib";
import { Writable } from "node:stream";

/**
 * amqplib hands every message to the socket by itself, and each time costs a call to the system. From now on what is
 * written in one go is sent together: same bytes, same order, before anything else happens. If a later amqplib keeps its
 * socket elsewhere, nothing changes but the speed.
 */
export function coalesceWrites({ connection }: ChannelModel): void {
  const socket: unknown = Reflect.get(connection, "stream");
  if (!(socket instanceof Writable)) return;
  const write = socket.write.bind(socket);
  let corked = false;
  // amqplib writes whole buffers, without an encoding and without a callback.
  socket.write = (chunk: unknown) => {
    if (!corked) {
      corked = true;
      socket.cork();
      queueMicrotask(() => {
        corked = false;
        socket.uncork();
      });
    }
    return write(chunk);
  };
}

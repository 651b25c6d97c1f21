/** The portal's drive: files, and what they are attached to. */
import { PortalError } from "./portal_error.ts";

export interface DiskFile {
  /** The "disk object": what requests call a file by. */
  readonly id: number;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of the stored content (`FILE_ID` in answers). Nothing takes it in place of `id`. */
  readonly fileId: number;
}

export type AttachedTo = "tasks_task" | "tasks_result" | "forum_message";

export interface Attachment {
  readonly id: number;
  readonly file: DiskFile;
  readonly entityType: AttachedTo;
  readonly entityId: number;
  readonly createdBy: number;
  readonly createdAt: string;
}

/** The three kinds of id start far from each other, so that a client that takes one for another fails at once. */
const FIRST_ID = { file: 2001, attachment: 5001, content: 8001 } as const;

export class Disk {
  readonly #files = new Map<number, DiskFile>();
  readonly #attachments = new Map<number, Attachment>();
  #nextId: number = FIRST_ID.file;

  /** Uploads a file, or replaces the one with its id. Returns its id. */
  put({ id = this.#nextId, name, size = 1024 }: { id?: number; name: string; size?: number }): number {
    this.#nextId = Math.max(this.#nextId, id + 1);
    this.#files.set(id, { id, name, size, fileId: FIRST_ID.content + this.#files.size });
    return id;
  }

  get(id: number): DiskFile | undefined {
    return this.#files.get(id);
  }

  delete(id: number): void {
    this.#files.delete(id);
  }

  /**
   * The same file can be attached again: that is another attachment.
   * @throws {PortalError} `ERROR_CORE` when there is no such file, in the words for a file one may not see
   */
  attach(fileId: number, to: Omit<Attachment, "id" | "file">): Attachment {
    const attachment = { id: FIRST_ID.attachment + this.#attachments.size, file: this.require(fileId), ...to };
    this.#attachments.set(attachment.id, attachment);
    return attachment;
  }

  /** @throws {PortalError} as `attach` */
  require(fileId: number): DiskFile {
    const file = this.#files.get(fileId);
    if (file === undefined) throw new PortalError("ERROR_CORE", "Недостаточно прав.<br>");
    return file;
  }

  attachment(id: number): Attachment | undefined {
    return this.#attachments.get(id);
  }

  /** Those with these ids. */
  attachments(ids: readonly number[]): Attachment[] {
    return ids.flatMap((id) => this.#attachments.get(id) ?? []);
  }
}

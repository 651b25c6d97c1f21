/** What a server answered, whatever the status. */
import { HttpError } from "./http_error.ts";

const decoder = new TextDecoder();

export class HttpAnswer {
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly bytes: Uint8Array<ArrayBuffer>,
    /** Who answered and which setting leads there, for errors. */
    private readonly source: { readonly name: string; readonly settingName: string },
  ) {}

  /** 200 to 299. Redirects are not followed, so a login page is not mistaken for success. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get text(): string {
    return decoder.decode(this.bytes);
  }

  /** @throws {HttpError} when it is something else, such as the HTML page of a proxy. */
  json(): unknown {
    try {
      return JSON.parse(this.text);
    } catch {
      const { name, settingName } = this.source;
      throw new HttpError(
        `${name} answered ${this.status} with something that is not JSON. Does ${settingName} lead to it, and not to a proxy or a login page?`,
        "other",
        true,
      );
    }
  }
}

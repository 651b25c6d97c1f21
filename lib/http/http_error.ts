/**
 * Why a request got no answer. Built by us and without a `cause`: fetch's own error carries the full URL, and the URL of a
 * webhook is a secret.
 */
export type HttpErrorKind =
  /** Nobody listens there. */
  | "refused"
  /** The host name is unknown. */
  | "dns"
  /** The certificate is not trusted, or the other side speaks no TLS. */
  | "tls"
  /** No whole answer in time. */
  | "timeout"
  /** The connection broke. */
  | "reset"
  /** The caller's signal. */
  | "aborted"
  /** The answer is larger than the caller allows. */
  | "too_large"
  | "other";

export class HttpError extends Error {
  override readonly name = "HttpError";

  constructor(
    message: string,
    readonly kind: HttpErrorKind,
    /** The request may have taken effect: it changes something, and it may have reached the server. */
    readonly ambiguous: boolean,
  ) {
    super(message);
  }
}

/** What kind of failure fetch means; its texts are those of hyper, rustls and the operating system. */
export function kindOfFetchError(error: unknown): { readonly kind: HttpErrorKind; readonly detail: string } {
  const text = error instanceof Error ? `${error.message} ${error.cause ?? ""}` : String(error);
  const certificate = /invalid peer certificate: (\w+)/.exec(text);
  if (certificate) return { kind: "tls", detail: `its certificate is not accepted (${certificate[1]})` };
  if (/corrupt message|HandshakeFailure|tls|peer sent no/i.test(text) && /\(Connect\)/.test(text)) {
    return { kind: "tls", detail: "it does not speak TLS as we do" };
  }
  if (/dns error|failed to lookup/.test(text)) return { kind: "dns", detail: "its host name is unknown" };
  if (/\(Connect\)/.test(text)) {
    if (/refused/i.test(text)) return { kind: "refused", detail: "connection refused" };
    return { kind: "refused", detail: /unreachable/i.test(text) ? "no route to it" : "no connection" };
  }
  if (/connection (closed|reset)|broken pipe|reading a body|error writing a body/i.test(text)) {
    return { kind: "reset", detail: "the connection broke" };
  }
  return { kind: "other", detail: "the exchange broke HTTP rules" };
}

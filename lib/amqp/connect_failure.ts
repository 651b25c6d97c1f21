/** Why a connection to RabbitMQ failed, in words for the person who can mend it. amqplib gives texts, not codes. */
import type { SettingsOf } from "../config/setting.ts";
import { errorText } from "../telemetry/error_text.ts";
import type { amqpSettings } from "./amqp_settings.ts";

export type AmqpSettings = SettingsOf<typeof amqpSettings>;

/** What a Deno or OpenSSL error says when a certificate is not trusted or TLS is not spoken at all. */
const tlsWords = /certificate|unknownissuer|self.signed|ssl|tls|invalidcontenttype/i;

export function connectFailure(error: unknown, settings: AmqpSettings): Error {
  const { RABBITMQ_USERNAME: user, RABBITMQ_VIRTUAL_HOST: vhost } = settings;
  const broker = `RabbitMQ at ${brokerAddress(settings)}`;
  const text = errorText(error);
  const because = (what: string) => new Error(what, { cause: error });

  if (/ACCESS.REFUSED/.test(text)) {
    return because(
      `${broker} refuses the password of user "${user}": check RABBITMQ_USERNAME and RABBITMQ_PASSWORD. ` +
        `(User "guest" may only come from the broker's own machine.)`,
    );
  }
  // The handshake's last step, connection.open, is answered by connection.close; amqplib drops the reason.
  if (/got <ConnectionClose/.test(text)) {
    return because(
      `${broker} does not let user "${user}" into virtual host "${vhost}": it does not exist, is down, or the user has ` +
        `no permissions in it. Check RABBITMQ_VIRTUAL_HOST, or create it and \`rabbitmqctl set_permissions\`.`,
    );
  }
  if (/ECONNREFUSED/.test(text)) {
    return because(
      `Cannot reach ${broker}: connection refused. Is it running, and are RABBITMQ_HOST and RABBITMQ_PORT right?`,
    );
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) {
    return because(`Cannot reach ${broker}: there is no such host name. Is RABBITMQ_HOST right?`);
  }
  if (/ETIMEDOUT/.test(text)) {
    return because(`Cannot reach ${broker}: no answer. Is RABBITMQ_HOST right, and does a firewall let us through?`);
  }
  if (settings.RABBITMQ_TLS && tlsWords.test(text)) {
    return because(
      `${broker}: TLS failed (${text}). Its certificate must be for RABBITMQ_HOST and signed by an authority that this ` +
        `machine trusts or RABBITMQ_CA_FILE names; the port must be the AMQPS port.`,
    );
  }
  if (/maxFrameSize|closed abruptly|Invalid frame/.test(text)) {
    const hint = settings.RABBITMQ_TLS ? "the AMQPS port" : "the AMQP port, and does it want RABBITMQ_TLS=true";
    return because(`What answers at ${brokerAddress(settings)} does not speak AMQP. Is RABBITMQ_PORT ${hint}?`);
  }
  return because(`No connection to ${broker}: ${text}`);
}

export function brokerAddress({ RABBITMQ_HOST, RABBITMQ_PORT, RABBITMQ_TLS }: AmqpSettings): string {
  return `${RABBITMQ_HOST}:${RABBITMQ_PORT ?? (RABBITMQ_TLS ? 5671 : 5672)}`;
}

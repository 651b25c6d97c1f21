/**
 * `deno task units`: writes the systemd units of the programs that run as services, deploy/systemd/exchanger-<program>@.service.
 * What follows the @ names an installation: exchanger-worker@prod reads /etc/exchanger/prod.env.
 */
import { programs } from "./compile.ts";

/** `SystemCallFilter=`, in systemd's sets. V8 allocates memory protection keys where the processor has them. */
export const systemCalls = { allowed: "@system-service @pkey", refused: "@privileged @resources" } as const;

interface Service {
  /** One of `programs`. */
  readonly name: string;
  readonly does: string;
  /** What its command line begins with, if it is a tool that can be a service. */
  readonly command?: string;
}

export const services: readonly Service[] = [
  { name: "worker", does: "external tasks of Camunda to RabbitMQ, answers back" },
  { name: "creator", does: "tasks of RabbitMQ into the target systems" },
  { name: "tracker", does: "finished tasks of the target systems to RabbitMQ" },
  { name: "sync", does: "diagrams of StormBPMN into Camunda", command: "watch" },
];

export const unitFolder = new URL("./systemd/", import.meta.url);

export function unitFile({ name }: Service): URL {
  return new URL(`exchanger-${name}@.service`, unitFolder);
}

/** The name under which systemd hands over the settings. */
const CREDENTIAL = "settings";

export function renderUnit({ name, does, command }: Service): string {
  if (!programs.some((program) => program.name === name)) throw new Error(`deploy/compile.ts does not list ${name}`);
  const program = `exchanger-${name}${command === undefined ? "" : ` ${command}`}`;
  return `[Unit]
Description=Exchanger ${name} (%i): ${does}
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
ExecStart=/opt/exchanger/${program} --env-file /run/credentials/%n/${CREDENTIAL}
# Secrets that the settings name by file (..._FILE) are read again; other changes need a restart.
ExecReload=kill -HUP $MAINPID
# Only root can read the settings; the program gets a copy.
LoadCredential=${CREDENTIAL}:/etc/exchanger/%i.env
Restart=always
RestartSec=5
# A command line or settings that are wrong stay wrong.
RestartPreventExitStatus=2 3
WatchdogSec=30
# Longer than EXCHANGER_DRAIN_TIMEOUT_SECONDS.
TimeoutStopSec=90

DynamicUser=yes
StateDirectory=exchanger/${name}-%i
WorkingDirectory=%S/exchanger/${name}-%i
UMask=0077

# MemoryDenyWriteExecute is not among these: V8 compiles code.
CapabilityBoundingSet=
DevicePolicy=closed
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateMounts=yes
PrivateTmp=yes
PrivateUsers=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=${systemCalls.allowed}
SystemCallFilter=~${systemCalls.refused}

[Install]
WantedBy=multi-user.target
`;
}

if (import.meta.main) {
  await Deno.mkdir(unitFolder, { recursive: true });
  for (const service of services) await Deno.writeTextFile(unitFile(service), renderUnit(service));
}

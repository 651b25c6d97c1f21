/** Names in the environment that look like ours and are not: misspelt, retired, or another program's. */
import type { SettingWarning } from "./read_settings.ts";
import type { SettingsTable } from "./setting.ts";
import { fileName } from "./look_up.ts";
import { nearestName } from "./nearest_name.ts";
import { retiredNames } from "./retired_names.ts";

/** Names that begin like this belong to Exchanger, whatever tables a program joins. */
const ownPrefixes = [
  "EXCHANGER_",
  "CAMUNDA_",
  "RABBITMQ_",
  "BITRIX_",
  "OPENPROJECT_",
  "ONEC_",
  "PYTHON_SERVICES_",
];

/** Kubernetes puts `RABBITMQ_SERVICE_HOST`, `RABBITMQ_PORT_5672_TCP_ADDR` … beside a Service called `rabbitmq`. */
const serviceLink = /_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP))(_|$)/;

/** One warning per name of `environment` that nobody reads, with the name that was probably meant. */
export function unknownNames(
  table: SettingsTable,
  environment: Readonly<Record<string, string>>,
  knownElsewhere: readonly string[],
): SettingWarning[] {
  const here = spellings(table);
  const known = new Set([...here, ...knownElsewhere, ...knownElsewhere.map(fileName)]);
  const prefixes = new Set([...ownPrefixes, ...[...here].map(prefixOf)]);
  return Object.keys(environment).flatMap((name) => {
    if (known.has(name) || serviceLink.test(name)) return [];
    const instead = retiredNames.get(name);
    if (instead !== undefined) return [{ name, problem: `is no longer read: ${instead}` }];
    const meant = nearestName(name, here);
    if (meant !== undefined) return [{ name, problem: `is not a setting. Did you mean ${meant}?` }];
    return prefixes.has(prefixOf(name)) ? [{ name, problem: "is not a setting of Exchanger" }] : [];
  });
}

/** Every name under which a table's settings can be given. */
export function spellings(table: SettingsTable): Set<string> {
  const names = Object.entries(table).flatMap(([name, setting]) => {
    const all = [name, ...setting.aliases ?? []];
    return setting.secret ? [...all, ...all.map(fileName)] : all;
  });
  return new Set(names);
}

function prefixOf(name: string): string {
  return name.slice(0, name.indexOf("_") + 1);
}

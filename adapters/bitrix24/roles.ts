/** The file behind BITRIX_ROLES_MAPPING_FILE: who on the portal holds the roles that diagrams name. */
import { z } from "zod";
import { SettingsError } from "../../lib/config/require_settings.ts";

const roles = z.record(z.string(), z.coerce.number().int().min(1));

/**
 * User ids by role, out of a file with `{"Бухгалтер": 12}`; none without a file.
 * @throws {SettingsError} when it cannot be read
 */
export function readRoles(path: string | undefined): ReadonlyMap<string, number> {
  if (path === undefined) return new Map();
  try {
    return new Map(Object.entries(roles.parse(JSON.parse(Deno.readTextFileSync(path)))));
  } catch {
    const problem = "must name a JSON file that can be read, with user ids by role";
    const example = "/etc/exchanger/roles_mapping.json";
    throw new SettingsError([{ name: "BITRIX_ROLES_MAPPING_FILE", problem, example }]);
  }
}

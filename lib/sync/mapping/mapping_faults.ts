/** What is wrong with a mapping file, in words for those who wrote it. */
import { z } from "zod";
import { mappingSchema } from "../../bpmn/convert/mapping.ts";
import { nearestName } from "../../config/nearest_name.ts";
import { keysAt } from "./schema_keys.ts";
import type { ReadYaml, YamlFault, YamlPath } from "./yaml_text.ts";

type Issue = z.core.$ZodIssue;
type Yaml = Extract<ReadYaml, { kind: "read" }>;

/** One for each key that is unknown, else one for each issue. */
export function mappingFaults(issues: readonly Issue[], yaml: Yaml): YamlFault[] {
  return issues.flatMap((issue) => faultsOf(issue, [], yaml));
}

/** @param outer where the issue's own path begins */
function faultsOf(issue: Issue, outer: YamlPath, yaml: Yaml): YamlFault[] {
  const path = [...outer, ...issue.path];
  const fault = (reason: string) => [{ ...yaml.placeOf(path), reason: `${named(path)}${reason}` }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        ...yaml.placeOfKey([...path, key]),
        reason: unknownKey(key, path),
      }));
    case "invalid_union":
      return unionFaults(issue, path, yaml);
    case "invalid_type":
      return fault(`${wanted(issue.expected)} is wanted, not ${given(valueAt(yaml.value, path))}.`);
    case "invalid_value": {
      const values = issue.values.map(String);
      const meant = nearestName(String(valueAt(yaml.value, path)), values);
      return fault(
        `It is one of ${values.join(", ")}, not ${given(valueAt(yaml.value, path))}.${didYouMean(meant)}`,
      );
    }
    case "too_small":
      return fault(issue.origin === "string" ? "It is empty." : `It is ${issue.minimum} or more.`);
    case "too_big":
      return fault(`It is ${issue.maximum} or less.`);
    default:
      return fault(`${issue.message}.`);
  }
}

/** Those of the alternative that was meant, which is the one whose faults lie deepest. */
function unionFaults({ errors }: z.core.$ZodIssueInvalidUnion, path: YamlPath, yaml: Yaml): YamlFault[] {
  const isInside = (issue: Issue) => issue.path.length > 0 || issue.code === "unrecognized_keys";
  const meant = errors.find((issues) => issues.length > 0 && issues.every(isInside));
  if (meant !== undefined) return meant.flatMap((issue) => faultsOf(issue, path, yaml));
  const value = valueAt(yaml.value, path);
  const kinds = kindsIn(errors.flat());
  const reason = value === "" ? "It is empty." : `${alternatives(kinds)} is wanted, not ${given(value)}.`;
  return [{ ...yaml.placeOf(path), reason: `${named(path)}${reason}` }];
}

function kindsIn(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === "invalid_union") return kindsIn(issue.errors.flat());
    return issue.code === "invalid_type" ? [wanted(issue.expected)] : [];
  });
}

function unknownKey(key: string, path: YamlPath): string {
  const known = keysAt(mappingSchema, path);
  const meant = nearestName(key, known);
  return `${named(path)}The key ${key} is unknown here.${
    meant === undefined ? ` Known are ${known.join(", ")}.` : didYouMean(meant)
  }`;
}

function didYouMean(meant: string | undefined): string {
  return meant === undefined ? "" : ` Did you mean ${meant}?`;
}

/** `processes.Process_1.elements.Flow_2: `; nothing for the whole file. */
function named(path: YamlPath): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}

function wanted(expected: string): string {
  switch (expected) {
    case "string":
      return "A text";
    case "number":
    case "int":
      return "A number";
    case "object":
    case "record":
      return "A block of keys and values";
    default:
      return `Something else (${expected})`;
  }
}

/** `A text, or a number`. */
function alternatives(kinds: readonly string[]): string {
  const [first = "Something else", ...others] = new Set(kinds);
  return [first, ...others.map((kind) => `or ${kind.charAt(0).toLowerCase()}${kind.slice(1)}`)].join(", ");
}

function given(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a block";
  if (typeof value === "string") return `"${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`;
  return String(value);
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    return Object.hasOwn(inner, step) ? Reflect.get(inner, step) : undefined;
  }, value);
}

/** The value of an input or output parameter: an expression, or a list or map of them. */
import { type ElContext, evaluateTyped } from "./evaluate.ts";
import type { ParameterValue } from "./process_graph.ts";
import { type ElValue, elValueOf, type TypedValue, typedValueOfEl } from "./variables.ts";

export function evaluateParameter(value: ParameterValue, context: ElContext): TypedValue {
  return value.kind === "expression"
    ? evaluateTyped(value.expression, context)
    : typedValueOfEl(parameterElValue(value, context));
}

function parameterElValue(value: ParameterValue, context: ElContext): ElValue {
  switch (value.kind) {
    case "none":
      return null;
    case "expression":
      return elValueOf(evaluateTyped(value.expression, context));
    case "list":
      return value.items.map((item) => parameterElValue(item, context));
    case "map":
      return new Map(
        Array.from(value.entries, ([key, entry]): [string, ElValue] => [
          key,
          parameterElValue(entry, context),
        ]),
      );
  }
}

/** Camunda's extensions of an activity as they travel in a task message. */
import { CAMUNDA, childrenOf } from "./element.ts";
import type { XmlElement } from "./xml_tree.ts";

export type Texts = Readonly<Record<string, string>>;

/** As modelled: expressions are not evaluated, that is the engine's. Lists and maps nest. */
export type ParameterValue = string | readonly ParameterValue[] | { readonly [key: string]: ParameterValue };
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** Each key is present only if the model has at least one element for it; of equal names the last counts. */
export interface ActivityExtensions {
  readonly extensionProperties?: Texts;
  readonly fieldInjections?: Texts;
  readonly inputParameters?: Parameters;
  readonly outputParameters?: Parameters;
}

/** Out of the children of an activity's `extensionElements`. */
export function activityExtensions(extensions: readonly XmlElement[]): ActivityExtensions {
  const properties = propertyElements(extensions);
  const fields = extensions.filter(({ name }) => name === "field");
  const inputs = parameterElements(extensions, "inputParameter");
  const outputs = parameterElements(extensions, "outputParameter");
  return {
    ...(properties.length > 0 && { extensionProperties: propertyTexts(properties) }),
    ...(fields.length > 0 && { fieldInjections: Object.fromEntries(fields.flatMap(fieldInjection)) }),
    ...(inputs.length > 0 && { inputParameters: Object.fromEntries(inputs.flatMap(parameter)) }),
    ...(outputs.length > 0 && { outputParameters: Object.fromEntries(outputs.flatMap(parameter)) }),
  };
}

/** `camunda:properties` of any element, as texts. */
export function extensionProperties(extensions: readonly XmlElement[]): Texts {
  return propertyTexts(propertyElements(extensions));
}

function propertyElements(extensions: readonly XmlElement[]): XmlElement[] {
  return extensions.filter(({ name }) => name === "properties")
    .flatMap((properties) => childrenOf(properties, CAMUNDA, "property"));
}

/** A property without a name or a value does not count, as with the predecessor. */
function propertyTexts(properties: readonly XmlElement[]): Texts {
  return Object.fromEntries(properties.flatMap(({ attributes }) => {
    const name = attributes.get("name");
    const value = attributes.get("value");
    return name && value ? [[name, value]] : [];
  }));
}

function fieldInjection(field: XmlElement): [string, string][] {
  const name = field.attributes.get("name");
  if (!name) return [];
  const child = field.children.find((child) => child.name === "string" || child.name === "expression");
  const value = field.attributes.get("stringValue") ?? field.attributes.get("expression") ?? child?.text ?? "";
  return [[name, value]];
}

function parameterElements(extensions: readonly XmlElement[], name: "inputParameter" | "outputParameter") {
  return extensions.filter((extension) => extension.name === "inputOutput")
    .flatMap((inputOutput) => childrenOf(inputOutput, CAMUNDA, name));
}

function parameter(element: XmlElement): [string, ParameterValue][] {
  const name = element.attributes.get("name");
  return name ? [[name, nestedValue(element)]] : [];
}

/** Text is trimmed, since the engine trims it too (BpmnParseUtil.parseParamValueProvider). */
function nestedValue(element: XmlElement): ParameterValue {
  const [only] = element.children.filter(({ namespace }) => namespace === CAMUNDA);
  return only === undefined ? element.text.trim() : value(only);
}

function value(element: XmlElement): ParameterValue {
  switch (element.name) {
    case "list":
      return element.children.map(value);
    case "map":
      return Object.fromEntries(
        childrenOf(element, CAMUNDA, "entry").map((entry) => [entry.attributes.get("key") ?? "", nestedValue(entry)]),
      );
    default:
      return element.text.trim(); // `script` and `value`
  }
}

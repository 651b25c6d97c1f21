/** `camunda:properties` of an element, which travel with its task message. */
import { type BaseElement, type CamundaProperties, is } from "../model.ts";
import { create } from "../moddle.ts";

export function propertyOf(element: BaseElement, name: string): string | undefined {
  return propertiesOf(element)?.values.find((property) => property.name === name)?.value;
}

/** Sets it, in its place if it is there already. */
export function setProperty(element: BaseElement, name: string, value: string): void {
  const properties = propertiesOf(element) ?? addProperties(element);
  const known = properties.values.find((property) => property.name === name);
  if (known !== undefined) {
    known.value = value;
    return;
  }
  const property = create("camunda:Property", { name, value });
  property.$parent = properties;
  properties.values.push(property);
}

function propertiesOf(element: BaseElement): CamundaProperties | undefined {
  return element.extensionElements?.values.find((value) => is(value, "camunda:Properties"));
}

function addProperties(element: BaseElement): CamundaProperties {
  const extensions = element.extensionElements ?? create("bpmn:ExtensionElements");
  extensions.$parent = element;
  element.extensionElements = extensions;
  const properties = create("camunda:Properties");
  properties.$parent = extensions;
  extensions.values.push(properties);
  return properties;
}

/** Looking at BPMN elements: the two namespaces that matter to Camunda 7, whatever prefixes a file gives them. */
import type { XmlElement } from "./xml_tree.ts";

export const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
export const CAMUNDA = "http://camunda.org/schema/1.0/bpmn";

/** The direct children of this name. */
export function childrenOf(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return element.children.filter((child) => child.namespace === namespace && child.name === name);
}

export function idOf(element: XmlElement): string | undefined {
  return element.attributes.get("id");
}

/** `camunda:name="…"`. */
export function camundaAttribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.get(`{${CAMUNDA}}${name}`);
}

/** What the element itself is extended with; not what stands deeper, such as in its multi-instance characteristics. */
export function extensionsOf(element: XmlElement): XmlElement[] {
  return childrenOf(element, BPMN, "extensionElements").flatMap(({ children }) => children)
    .filter(({ namespace }) => namespace === CAMUNDA);
}

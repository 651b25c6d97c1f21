/** A BPMN file that cannot be read, with the reason in words. */
export class BpmnParseError extends Error {
  override readonly name = "BpmnParseError";
}

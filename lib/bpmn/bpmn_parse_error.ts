/** A BPMN file that cannot be read, with the reason in words. Its text never appears in the message. */
export class BpmnParseError extends Error {
  override readonly name = "BpmnParseError";
}

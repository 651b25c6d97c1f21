/**
 * The mapping file: what people decide about the elements of a diagram that they cannot, or do not want to, draw. It takes
 * the place of the predecessor's Python extensions per process.
 *
 *     lanes:
 *       Accounting: { topic: 1c_create_document, assignee: { id: "17" } }
 *     processes:
 *       Process_1d4oa6g46:
 *         default: { assignee: { id: "15", name: "Head of permits" } }
 *         elements:
 *           Flow_1i3yird: { expression: '${demolition == "yes"}' }
 *           Event_0x7: { timer: P3D }
 */
import { z } from "zod";
import { systems } from "../../amqp/topology.ts";

const text = z.string().trim().min(1);
const words = z.union([text, z.number().transform(String)]);

const elementSettings = z.strictObject({
  /** Topic of the external task. */
  topic: text.optional(),
  /** Instead of a topic: the topic with which the system makes a task or a document. */
  system: z.enum(systems).optional(),
  assignee: z.union([
    words.transform((id) => ({ id })),
    z.strictObject({ id: words.optional(), name: text.optional() }),
  ]).optional(),
  /** How often the worker may try; a property of the task. */
  retries: z.coerce.number().int().min(1).max(100).optional(),
  /** The question that people answer, of a task or of a gateway. */
  question: text.optional(),
  /** A condition, of a sequence flow. */
  expression: text.optional(),
  /** ISO 8601 duration, date or cycle, or words such as «3 дня», of a timer. */
  timer: text.optional(),
  /** Key of the process that a call activity calls. */
  calledElement: text.optional(),
  /** Variable or expression with the list that a multi-instance activity goes through. */
  collection: text.optional(),
  /** Variable with one item of the list. */
  elementVariable: text.optional(),
  /** How often a multi-instance activity runs: a number or an expression. */
  cardinality: words.optional(),
  /** Further `camunda:property` elements, by name. */
  properties: z.record(text, words).optional(),
});

const byName = z.record(text, elementSettings).optional();

const section = z.strictObject({
  /** For every task that nothing else says something about. */
  default: elementSettings.pick({ topic: true, system: true, assignee: true, retries: true }).optional(),
  /** By element id. */
  elements: byName,
  /** By the name of the lane. */
  lanes: byName,
  /** By the name of the pool or, without pools, of the process. */
  pools: byName,
});

/** What is read from the mapping file, however it is written (YAML, JSON). */
export const mappingSchema = section.extend({
  /** As outside, for one process only, by its id; it goes before what stands outside. */
  processes: z.record(text, section).optional(),
});

export type Mapping = z.infer<typeof mappingSchema>;
export type MappingSection = z.infer<typeof section>;
export type ElementSettings = z.infer<typeof elementSettings>;
export { elementSettings as elementSettingsSchema };

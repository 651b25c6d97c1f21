/**
 * The BPMN model as conversion works with it: what bpmn-moddle reads, typed as far as it is used. Only lib/bpmn/moddle.ts
 * makes these objects; there every list named here is present, if empty.
 */

export interface ModelElement {
  /** `bpmn:ServiceTask`; of an element outside the known namespaces its prefixed name. */
  readonly $type: string;
  $parent?: ModelElement;
  /** Attributes that the model does not know, by prefixed name. Absent on elements outside the known namespaces. */
  readonly $attrs?: Record<string, unknown>;
  $instanceOf(type: string): boolean;
  get(name: string): unknown;
  /** `undefined` removes. */
  set(name: string, value: unknown): void;
}

export interface BaseElement extends ModelElement {
  id?: string;
  documentation: Documentation[];
  extensionElements?: ExtensionElements;
}

export interface Documentation extends ModelElement {
  text?: string;
}

export interface ExtensionElements extends ModelElement {
  values: ModelElement[];
}

/** An element outside the known namespaces, inside `extensionElements`. */
export interface ForeignElement extends ModelElement {
  $body?: string;
  $children?: ForeignElement[];
}

export interface Definitions extends BaseElement {
  targetNamespace?: string;
  rootElements: BaseElement[];
  diagrams: BPMNDiagram[];
}

/** What flow elements lie in: a process or a sub-process. */
export interface Scope extends BaseElement {
  name?: string;
  flowElements: FlowElement[];
  laneSets: LaneSet[];
  artifacts: BaseElement[];
}

export interface Process extends Scope {
  isExecutable?: boolean;
  historyTimeToLive?: string;
  definitionalCollaborationRef?: Collaboration;
}

export interface Collaboration extends BaseElement {
  participants: Participant[];
  messageFlows: MessageFlow[];
  artifacts: BaseElement[];
}

export interface Participant extends BaseElement {
  name?: string;
  processRef?: Process;
}

export interface MessageFlow extends BaseElement {
  name?: string;
  sourceRef?: BaseElement;
  targetRef?: BaseElement;
}

export interface LaneSet extends BaseElement {
  lanes: Lane[];
}

export interface Lane extends BaseElement {
  name?: string;
  flowNodeRef: FlowNode[];
  childLaneSet?: LaneSet;
}

export interface FlowElement extends BaseElement {
  name?: string;
}

export interface SequenceFlow extends FlowElement {
  sourceRef: FlowNode;
  targetRef: FlowNode;
  conditionExpression?: Expression;
}

export interface FlowNode extends FlowElement {
  incoming: SequenceFlow[];
  outgoing: SequenceFlow[];
  /** Of gateways and activities only. */
  default?: SequenceFlow;
}

export interface Activity extends FlowNode {
  loopCharacteristics?: ModelElement;
  isForCompensation?: boolean;
}

export interface SubProcess extends Activity, Scope {
  name?: string;
  triggeredByEvent?: boolean;
}

/** What Camunda lets do the work of a task or of a message that is sent. */
export interface Implemented extends ModelElement {
  /** `external`, or one of the engine's own (`mail`). */
  type?: string;
  topic?: string;
  class?: string;
  expression?: string;
  delegateExpression?: string;
}

export interface ServiceTaskLike extends Activity, Implemented {
  /** Of a business rule task only. */
  decisionRef?: string;
}

export interface ScriptTask extends Activity {
  script?: string;
  resource?: string;
}

export interface ReceiveTask extends Activity {
  messageRef?: NamedRoot;
  instantiate?: boolean;
}

export interface CallActivity extends Activity {
  calledElement?: string;
  caseRef?: string;
}

export interface Event extends FlowNode {
  eventDefinitions: EventDefinition[];
  eventDefinitionRef: EventDefinition[];
}

export interface StartEvent extends Event {
  isInterrupting?: boolean;
}

export interface BoundaryEvent extends Event {
  attachedToRef?: Activity;
  cancelActivity?: boolean;
}

export type EventDefinition = BaseElement;

export interface MessageEventDefinition extends EventDefinition, Implemented {
  messageRef?: NamedRoot;
}

export interface SignalEventDefinition extends EventDefinition {
  signalRef?: NamedRoot;
}

export interface ErrorEventDefinition extends EventDefinition {
  errorRef?: ErrorRoot;
}

export interface EscalationEventDefinition extends EventDefinition {
  escalationRef?: EscalationRoot;
}

export interface LinkEventDefinition extends EventDefinition {
  name?: string;
}

export interface TimerEventDefinition extends EventDefinition {
  timeDate?: Expression;
  timeCycle?: Expression;
  timeDuration?: Expression;
}

export interface ConditionalEventDefinition extends EventDefinition {
  condition?: Expression;
}

/** A message or a signal, which stands beside the processes. */
export interface NamedRoot extends BaseElement {
  name?: string;
}

export interface ErrorRoot extends NamedRoot {
  errorCode?: string;
}

export interface EscalationRoot extends NamedRoot {
  escalationCode?: string;
}

export interface Expression extends BaseElement {
  body?: string;
  language?: string;
}

export interface MultiInstance extends BaseElement {
  collection?: string;
  elementVariable?: string;
  loopCardinality?: Expression;
  loopDataInputRef?: ModelElement;
  isSequential?: boolean;
}

export interface TextAnnotation extends BaseElement {
  text?: string;
}

export interface Association extends BaseElement {
  sourceRef?: BaseElement;
  targetRef?: BaseElement;
}

/** Lies in the activity that reads or writes the data. */
export interface DataAssociation extends BaseElement {
  sourceRef?: BaseElement[];
  targetRef?: BaseElement;
}

export interface CamundaProperties extends ModelElement {
  values: CamundaProperty[];
}

export interface CamundaProperty extends ModelElement {
  name?: string;
  value?: string;
}

export interface BPMNDiagram extends ModelElement {
  id?: string;
  name?: string;
  plane?: BPMNPlane;
}

export interface BPMNPlane extends ModelElement {
  id?: string;
  bpmnElement?: BaseElement;
  planeElement: DiagramElement[];
}

export interface DiagramElement extends ModelElement {
  id?: string;
  bpmnElement?: BaseElement;
  label?: BPMNLabel;
}

export interface BPMNShape extends DiagramElement {
  bounds: Bounds;
  isExpanded?: boolean;
}

export interface BPMNEdge extends DiagramElement {
  waypoint: Point[];
}

export interface BPMNLabel extends ModelElement {
  bounds?: Bounds;
}

export interface Point extends ModelElement {
  x: number;
  y: number;
}

export interface Bounds extends Point {
  width: number;
  height: number;
}

/** The types that are asked for or made, by their names in moddle. */
export interface ModelTypes {
  "bpmn:Activity": Activity;
  "bpmn:AdHocSubProcess": SubProcess;
  "bpmn:Association": Association;
  "bpmn:BaseElement": BaseElement;
  "bpmn:BoundaryEvent": BoundaryEvent;
  "bpmn:BusinessRuleTask": ServiceTaskLike;
  "bpmn:CallActivity": CallActivity;
  "bpmn:CancelEventDefinition": EventDefinition;
  "bpmn:Collaboration": Collaboration;
  "bpmn:CompensateEventDefinition": EventDefinition;
  "bpmn:ComplexGateway": FlowNode;
  "bpmn:ConditionalEventDefinition": ConditionalEventDefinition;
  "bpmn:DataInputAssociation": DataAssociation;
  "bpmn:DataOutputAssociation": DataAssociation;
  "bpmn:Documentation": Documentation;
  "bpmn:EndEvent": Event;
  "bpmn:Error": ErrorRoot;
  "bpmn:ErrorEventDefinition": ErrorEventDefinition;
  "bpmn:Escalation": EscalationRoot;
  "bpmn:EscalationEventDefinition": EscalationEventDefinition;
  "bpmn:Event": Event;
  "bpmn:EventBasedGateway": FlowNode;
  "bpmn:ExclusiveGateway": FlowNode;
  "bpmn:Expression": Expression;
  "bpmn:ExtensionElements": ExtensionElements;
  "bpmn:FlowElement": FlowElement;
  "bpmn:FlowElementsContainer": Scope;
  "bpmn:FlowNode": FlowNode;
  "bpmn:FormalExpression": Expression;
  "bpmn:Gateway": FlowNode;
  "bpmn:Group": BaseElement;
  "bpmn:InclusiveGateway": FlowNode;
  "bpmn:IntermediateCatchEvent": Event;
  "bpmn:IntermediateThrowEvent": Event;
  "bpmn:Lane": Lane;
  "bpmn:LinkEventDefinition": LinkEventDefinition;
  "bpmn:ManualTask": Activity;
  "bpmn:Message": NamedRoot;
  "bpmn:MessageEventDefinition": MessageEventDefinition;
  "bpmn:MessageFlow": MessageFlow;
  "bpmn:MultiInstanceLoopCharacteristics": MultiInstance;
  "bpmn:ParallelGateway": FlowNode;
  "bpmn:Participant": Participant;
  "bpmn:Process": Process;
  "bpmn:ReceiveTask": ReceiveTask;
  "bpmn:ScriptTask": ScriptTask;
  "bpmn:SendTask": ServiceTaskLike;
  "bpmn:SequenceFlow": SequenceFlow;
  "bpmn:ServiceTask": ServiceTaskLike;
  "bpmn:Signal": NamedRoot;
  "bpmn:SignalEventDefinition": SignalEventDefinition;
  "bpmn:StandardLoopCharacteristics": BaseElement;
  "bpmn:StartEvent": StartEvent;
  "bpmn:SubProcess": SubProcess;
  "bpmn:Task": Activity;
  "bpmn:TerminateEventDefinition": EventDefinition;
  "bpmn:TextAnnotation": TextAnnotation;
  "bpmn:TimerEventDefinition": TimerEventDefinition;
  "bpmn:Transaction": SubProcess;
  "bpmn:UserTask": Activity;
  "bpmndi:BPMNDiagram": BPMNDiagram;
  "bpmndi:BPMNEdge": BPMNEdge;
  "bpmndi:BPMNPlane": BPMNPlane;
  "bpmndi:BPMNShape": BPMNShape;
  "camunda:In": ModelElement;
  "camunda:Out": ModelElement;
  "camunda:Properties": CamundaProperties;
  "camunda:Property": CamundaProperty;
  "dc:Bounds": Bounds;
  "dc:Point": Point;
}
export type ModelType = keyof ModelTypes;

/** Whether the element is of this type or of one derived from it: a `bpmn:UserTask` is a `bpmn:Activity`. */
export function is<T extends ModelType>(element: ModelElement | undefined, type: T): element is ModelTypes[T] {
  return element?.$instanceOf(type) ?? false;
}

/** Whether it is of one of these types. */
export function isAny<T extends ModelType>(
  element: ModelElement | undefined,
  types: readonly T[],
): element is ModelTypes[T] {
  return types.some((type) => is(element, type));
}

/** Plain, user and manual tasks are of exactly these types, not of types derived from them. */
export function isExactly<T extends ModelType>(
  element: ModelElement,
  ...types: readonly T[]
): element is ModelTypes[T] {
  return types.some((type) => element.$type === type);
}

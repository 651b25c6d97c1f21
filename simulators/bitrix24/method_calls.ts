/** Calls of single methods and of batches: each takes its time, is charged to its method's budget and says so. */
import type { Json, JsonObject } from "../../lib/messages/json.ts";
import { answerTime } from "./answer_time.ts";
import { withResults } from "./batch_results.ts";
import type { Faults } from "./faults.ts";
import { callMethod } from "./methods.ts";
import type { OperatingBudget } from "./operating_budget.ts";
import { parsePhpQuery } from "./php_params.ts";
import { objectOf, phpMap, textOf } from "./php_values.ts";
import { PortalError } from "./portal_error.ts";
import type { MethodAnswer, PortalView } from "./portal_method.ts";

export interface TimedAnswer extends MethodAnswer {
  readonly time: JsonObject;
}

export const BATCH_LIMIT = 50;

export class MethodCalls {
  constructor(
    private readonly view: PortalView,
    private readonly faults: Faults,
    /** `undefined` for a portal that does not limit working time. */
    private readonly budget: OperatingBudget | undefined,
    private readonly onCall: (method: string, params: JsonObject) => void = () => {},
  ) {}

  async call(method: string, params: JsonObject): Promise<TimedAnswer> {
    return method === "batch" ? await this.#batch(params) : await this.#single(method, params);
  }

  async #single(method: string, params: JsonObject): Promise<TimedAnswer> {
    const startMs = Date.now();
    this.onCall(method, params);
    if (this.budget?.isSpent(method, startMs) === true) {
      throw new PortalError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit", 429);
    }
    const latencyMs = this.faults.latencyOf(method);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    try {
      const refusal = this.faults.takeRefusal(method);
      if (refusal !== undefined) {
        throw new PortalError(refusal.error, refusal.description ?? refusal.error, refusal.status);
      }
      const answer = callMethod(this.view, method, params, Date.now());
      return { ...answer, time: this.#charge(method, startMs) };
    } catch (error) {
      this.#charge(method, startMs);
      throw error;
    }
  }

  #charge(method: string, startMs: number): JsonObject {
    const finishMs = Date.now();
    this.budget?.charge(method, finishMs - startMs, finishMs);
    return answerTime(startMs, finishMs, this.budget?.time(method, finishMs));
  }

  /** Commands run one after the other; each fails by itself unless `halt` is set. Only they are charged. */
  async #batch(params: JsonObject): Promise<TimedAnswer> {
    const startMs = Date.now();
    const commands = Object.entries(objectOf(params["cmd"]));
    if (commands.length > BATCH_LIMIT) {
      throw new PortalError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded");
    }
    const answers = new Map<string, TimedAnswer>();
    const errors: [string, Json][] = [];
    for (const [key, command] of commands) {
      try {
        answers.set(key, await this.#command(textOf(command), answers));
      } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        errors.push([key, { error: error.code, error_description: error.message }]);
        if (textOf(params["halt"]) === "1") break;
      }
    }
    const pick = (value: (answer: TimedAnswer) => Json | undefined) =>
      phpMap([...answers].flatMap(([key, answer]): [string, Json][] => {
        const picked = value(answer);
        return picked === undefined ? [] : [[key, picked]];
      }));
    const finishMs = Date.now();
    return {
      result: {
        result: pick(({ result }) => result),
        result_error: phpMap(errors),
        result_total: pick(({ total }) => total),
        result_next: pick(({ next }) => next),
        result_time: pick(({ time }) => time),
      },
      time: answerTime(startMs, finishMs, this.budget?.time("batch", finishMs)),
    };
  }

  #command(command: string, before: ReadonlyMap<string, MethodAnswer>): Promise<TimedAnswer> {
    const method = methodOf(command);
    if (method === "batch") {
      throw new PortalError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed in batch", 405);
    }
    const query = command.includes("?") ? command.slice(command.indexOf("?") + 1) : "";
    return this.#single(method, withResults(parsePhpQuery(query), before));
  }
}

/** All methods that a request calls, the batch's own name included. */
export function methodsCalled(method: string, params: JsonObject): string[] {
  return [method, ...Object.values(objectOf(params["cmd"])).map((command) => methodOf(textOf(command)))];
}

function methodOf(command: string): string {
  return command.split("?")[0] ?? command;
}

/** What the worker does, shown in this process alone and, where there are some, on the real services. */
import { flowControlSuite } from "./flow_control_suite.ts";
import { handOverSuite } from "./hand_over_suite.ts";
import { outageSuite } from "./outage_suite.ts";
import { responseSuite } from "./response_suite.ts";
import { setAsideSuite } from "./set_aside_suite.ts";
import type { WorldTest } from "./suite.ts";
import { available, createWorld, worldKinds } from "./world.ts";

const suite: readonly WorldTest[] = [
  ...handOverSuite,
  ...responseSuite,
  ...setAsideSuite,
  ...outageSuite,
  ...flowControlSuite,
];

for (const kind of worldKinds) {
  for (const { sentence, show, world: options } of suite) {
    Deno.test(`worker, ${kind}: ${sentence}`, { ignore: !available(kind) }, async () => {
      await using world = await createWorld(kind, options);
      await show(world);
    });
  }
}

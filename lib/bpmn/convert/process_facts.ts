/** Which drawing a process was made of stays with it, as properties that its tasks carry along. */
import { type Conversion, processesOf } from "./conversion.ts";
import { setProperty } from "./properties.ts";

export function noteDiagram(conversion: Conversion): void {
  const { diagram } = conversion.options;
  if (diagram === undefined) return;
  for (const process of processesOf(conversion).filter(({ isExecutable }) => isExecutable)) {
    setProperty(process, "stormDiagramId", diagram.id);
    setProperty(process, "stormVersion", diagram.version);
    setProperty(process, "stormUpdatedOn", diagram.updatedOn);
  }
}

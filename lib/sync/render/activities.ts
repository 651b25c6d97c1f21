/** Tasks, call activities and sub-processes. */
import { type Activity, is } from "../../bpmn/model.ts";
import { activityMarkers } from "./activity_markers.ts";
import type { Colours } from "./colours.ts";
import { centred, fromTop, heightOf } from "./lettering.ts";
import { type Box, number, svg } from "./svg.ts";
import { taskIcon } from "./task_icons.ts";
import { fit } from "./wrap.ts";

const PADDING = 6;
/** Height of the sign in the corner, and of the markers at the lower border. */
const ICON = 20;
const MARKERS = 18;

export function drawActivity(activity: Activity, box: Box, isExpanded: boolean, colours: Colours): string {
  const isSubProcess = is(activity, "bpmn:SubProcess");
  const hasMoreInside = (isSubProcess && !isExpanded) || is(activity, "bpmn:CallActivity");
  const icon = taskIcon(activity.$type, colours);
  const markers = activityMarkers(activity, hasMoreInside, box, colours);
  return frame(activity, box, colours) +
    (icon === "" ? "" : svg("g", { transform: `translate(${number(box.x + 6)} ${number(box.y + 5)})` }, icon)) +
    markers +
    nameIn(activity.name ?? "", box, {
      isExpanded: isSubProcess && isExpanded,
      hasIcon: icon !== "",
      hasMarkers: markers !== "",
    });
}

function frame(activity: Activity, { x, y, width, height }: Box, { fill }: Colours): string {
  const isEvent = is(activity, "bpmn:SubProcess") && activity.triggeredByEvent === true;
  const outer = svg("rect", {
    x,
    y,
    width,
    height,
    rx: 10,
    fill,
    "stroke-width": is(activity, "bpmn:CallActivity") ? 4.5 : 1.8,
    "stroke-dasharray": isEvent ? "1.5 4" : undefined,
  });
  if (!is(activity, "bpmn:Transaction")) return outer;
  return outer + svg("rect", {
    x: x + 3.5,
    y: y + 3.5,
    width: Math.max(width - 7, 1),
    height: Math.max(height - 7, 1),
    rx: 7,
    "stroke-width": 1.3,
  });
}

interface Furniture {
  readonly isExpanded: boolean;
  readonly hasIcon: boolean;
  readonly hasMarkers: boolean;
}

/** In the middle; below the sign in the corner when it would be hidden by it. */
function nameIn(name: string, box: Box, { isExpanded, hasIcon, hasMarkers }: Furniture): string {
  const inside = { x: box.x + PADDING, y: box.y + PADDING, width: Math.max(box.width - 2 * PADDING, 1) };
  const bottom = box.y + box.height - (hasMarkers ? MARKERS + 2 : PADDING);
  if (isExpanded) return fromTop(name, { ...inside, height: 40 }, "middle");
  const area = { ...inside, height: bottom - inside.y };
  const top = area.y + (area.height - heightOf(fit(name, area.width, area.height))) / 2;
  if (!hasIcon || top >= box.y + ICON + 2) return centred(name, area);
  return centred(name, { ...inside, y: box.y + ICON + 3, height: bottom - box.y - ICON - 3 });
}

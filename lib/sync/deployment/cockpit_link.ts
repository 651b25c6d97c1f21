/** Where people look at a version in Camunda's Cockpit. `cockpitUrl`: `https://camunda.internal/camunda/app/cockpit/default`. */
export function cockpitLink(cockpitUrl: string, definition: { readonly id: string }): string {
  return `${cockpitUrl.replace(/\/+$/, "")}/#/process-definition/${encodeURIComponent(definition.id)}/runtime`;
}

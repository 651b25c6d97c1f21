/**
 * Settings of the predecessor's `.env` that nothing reads any more (most of them nothing read then either), with what to
 * do instead. A name that some program's table has again is never looked up here.
 */
export const retiredNames: ReadonlyMap<string, string> = new Map([
  ["METRICS_PORT", "every program has a port of its own, HEALTH_PORT; set it per program, or leave it out"],
  ["ENABLE_METRICS", "metrics are always on; HEALTH_PORT=0 closes the port"],
  ["HEARTBEAT_INTERVAL", "nothing polls in a fixed rhythm any more; remove it"],
  ["MONITOR_LOG_INTERVAL", "figures are on /metrics; remove it"],
  ["CAMUNDA_FETCH_INTERVAL", "the fetch is one long poll; remove it"],
  ["CAMUNDA_SLEEP_SECONDS", "the fetch is one long poll; remove it"],
  ["CAMUNDA_DESERIALIZE_VALUES", "values are always read undeserialised; remove it"],
  ["CAMUNDA_INCLUDE_EXT_PROPS", "extension properties come from the process model; remove it"],
  ["CAMUNDA_LOCK_EXTENSION_INTERVAL", "leases are renewed below half of CAMUNDA_LOCK_DURATION; remove it"],
  ["CAMUNDA_MAX_TASK_LIFETIME", "open tasks have no age limit; remove it"],
  ["CAMUNDA_DEBUG", "use LOG_LEVEL=debug; bodies are never logged"],
  ["DEBUG_SAVE_RESPONSE_MESSAGES", "message bodies are never written to files; remove it"],
  ["RESPONSE_HANDLER_ENABLED", "the worker always handles responses; remove it"],
  ["RESPONSE_PROCESSING_INTERVAL", "responses are handled as they arrive; remove it"],
  ["MAX_MESSAGES_PER_BATCH", "batches follow the limits of the target system; remove it"],
  ["MESSAGE_PROCESSING_TIMEOUT", "requests have time-outs of their own; remove it"],
  ["MAX_ERROR_COUNT", "no error count stops a program; remove it"],
  ["ERROR_COOLDOWN", "back-off is automatic; remove it"],
]);

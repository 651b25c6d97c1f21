/**
 * A program's figures: OpenTelemetry's meter inside, Prometheus' text outside. Metric names are written out in full where
 * they are made (`exchanger_tasks_published_total`); counters get `_total` when it is missing.
 */
import type { Meter } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";

export interface Metrics {
  readonly meter: Meter;
  /** All figures now, in the text format of Prometheus. */
  render(): Promise<string>;
}

/** `text/plain; version=0.0.4` is what every Prometheus reads. */
export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

export function createMetrics(service: string, version: string): Metrics {
  const reader = new OnDemandReader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter("exchanger", version);
  observeProcess(meter, service, version);
  // Neither target nor scope labels: one scope per process, and the scraper knows its target.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    meter,
    async render() {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw new AggregateError(errors, "Some figures could not be read");
      return serializer.serialize(resourceMetrics);
    },
  };
}

/** The exporter's own reader would open a server; ours is read by `/metrics`. */
class OnDemandReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function observeProcess(meter: Meter, service: string, version: string): void {
  const startedS = Date.now() / 1000 - performance.now() / 1000;
  const gauge = (name: string, description: string, read: () => number) =>
    meter.createObservableGauge(name, { description }).addCallback((result) => result.observe(read()));
  gauge("exchanger_process_resident_memory_bytes", "Memory of this process", () => Deno.memoryUsage().rss);
  gauge("exchanger_process_heap_used_bytes", "JavaScript heap in use", () => Deno.memoryUsage().heapUsed);
  gauge("exchanger_process_heap_size_bytes", "JavaScript heap taken", () => Deno.memoryUsage().heapTotal);
  gauge("exchanger_process_start_time_seconds", "Unix time when this process started", () => startedS);
  meter.createObservableGauge("exchanger_build_info", { description: "Always 1; the labels say what runs" })
    .addCallback((result) => result.observe(1, { service, version, deno: Deno.version.deno }));
}

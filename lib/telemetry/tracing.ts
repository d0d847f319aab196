import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-node";
import { addLogHooks, type LogFields } from "@/lib/log";
import { redactDeep, redactText } from "@/lib/log-redaction";

/**
 * Sends the spans that Next makes of every request to `<endpoint>/v1/traces`, redacted like the log, and writes the
 * trace's id into the log's lines. Answers how to send what is still here.
 */
export function startTracing(endpoint: string): () => Promise<void> {
  const exporter = redacted(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }));
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "tollkeeper" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  addLogHooks({
    readFields(): LogFields {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { trace_id: span.traceId } : {};
    },
  });
  return () => provider.shutdown();
}

function redacted(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(redactSpan), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** The same span with its texts redacted. What it inherits is read only where it is not laid over. */
function redactSpan(span: ReadableSpan): ReadableSpan {
  const changes = {
    name: redactText(span.name),
    attributes: Object.fromEntries(
      Object.entries(span.attributes).map(([name, value]) => [name, redactAttribute(value)]),
    ),
    events: span.events.map((event) => ({ ...event, attributes: redactDeep(event.attributes) })),
    status: redactDeep(span.status),
  };
  return Object.create(
    span,
    Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, { value }])),
  );
}

/** The query of a path may hold what a link grants: it stays here whole, not only its known members. */
function redactAttribute<Value>(value: Value): Value {
  // A text in, a text out.
  return typeof value === "string" ? (redactText(value.replace(/\?[^\s]*/, "")) as Value) : redactDeep(value);
}

package bikes

import io.opentelemetry.api.OpenTelemetry
import io.opentelemetry.api.trace.Tracer
import io.opentelemetry.context.propagation.ContextPropagators
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk

/** Exporter and sampler come from OTEL_* (flux/apps/base/repair.yaml). */
object Telemetry {
    val open: OpenTelemetry = AutoConfiguredOpenTelemetrySdk.builder()
        .addPropagatorCustomizer { _, _ -> ContextPropagators.noop().textMapPropagator }
        .build().openTelemetrySdk
    val tracer: Tracer = open.getTracer("bike-repair")

    inline fun <T> span(name: String, block: () -> T): T {
        val span = tracer.spanBuilder(name).startSpan()
        return try { span.makeCurrent().use { block() } } finally { span.end() }
    }
}

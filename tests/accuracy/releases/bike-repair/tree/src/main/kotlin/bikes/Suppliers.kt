package bikes

import io.github.resilience4j.circuitbreaker.CircuitBreaker
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig
import io.github.resilience4j.kotlin.circuitbreaker.executeSuspendFunction
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.*
import io.ktor.client.request.*
import io.opentelemetry.instrumentation.ktor.v3_0.KtorClientTelemetry
import java.time.Duration

/** The message house: 6 s, three tries with doubled waits, a breaker. */
class Suppliers(private val config: Config) {
    private val breaker = CircuitBreaker.of("messages", CircuitBreakerConfig.custom().failureRateThreshold(50f).slidingWindowSize(10).waitDurationInOpenState(Duration.ofSeconds(30)).build())
    private val http = HttpClient(CIO) {
        expectSuccess = true
        install(HttpTimeout) { connectTimeoutMillis = 2_000; requestTimeoutMillis = 6_000; socketTimeoutMillis = 6_000 }
        install(HttpRequestRetry) { retryOnServerErrors(3); retryOnException(3, retryOnTimeout = true); exponentialDelay(base = 2.0, maxDelayMs = 8_000) }
        install(KtorClientTelemetry) { setOpenTelemetry(Telemetry.open) }
    }

    suspend fun remind(body: String, key: String) = breaker.executeSuspendFunction {
        http.post("${config.suppliersUrl}/messages") { bearerAuth(config.suppliersKey); header("Idempotency-Key", key); header("Content-Type", "application/json"); setBody(body) }
    }
}

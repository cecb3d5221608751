package bikes

import com.auth0.jwk.JwkProviderBuilder
import io.ktor.http.*
import io.ktor.serialization.kotlinx.json.json
import io.ktor.server.application.*
import io.ktor.server.auth.*
import io.ktor.server.auth.jwt.*
import io.ktor.server.metrics.micrometer.MicrometerMetrics
import io.ktor.server.plugins.calllogging.CallLogging
import io.ktor.server.plugins.callid.*
import io.ktor.server.plugins.compression.*
import io.ktor.server.plugins.contentnegotiation.ContentNegotiation
import io.ktor.server.plugins.cors.routing.CORS
import io.ktor.server.plugins.defaultheaders.DefaultHeaders
import io.ktor.server.plugins.hsts.HSTS
import io.ktor.server.plugins.ratelimit.*
import io.ktor.server.plugins.requestvalidation.*
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.response.*
import io.ktor.server.routing.*
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics
import io.micrometer.prometheusmetrics.*
import io.opentelemetry.instrumentation.ktor.v3_0.KtorServerTelemetry
import java.net.URI
import java.util.UUID
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.minutes
import org.slf4j.LoggerFactory

private val log = LoggerFactory.getLogger("bikes")

fun Application.module(config: Config, db: Database, flags: Flags = Flags(config)) {
    val meters = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
    install(CallId) { header(HttpHeaders.XRequestId); generate { UUID.randomUUID().toString() }; verify { it.matches(Regex("[\\w-]{8,64}")) } }
    install(CallLogging) { callIdMdc("request_id"); mdc("user_id") { it.principal<JWTPrincipal>()?.subject }; filter { !it.request.local.uri.startsWith("/live") && !it.request.local.uri.startsWith("/ready") } }
    install(MicrometerMetrics) { registry = meters; distributionStatisticConfig = io.micrometer.core.instrument.distribution.DistributionStatisticConfig.Builder().percentilesHistogram(true).build(); meterBinders = listOf(JvmMemoryMetrics()) }
    install(KtorServerTelemetry) { setOpenTelemetry(Telemetry.open) }
    install(Compression) { gzip(); deflate(); minimumSize(1024) }
    install(ContentNegotiation) { json(kotlinx.serialization.json.Json { ignoreUnknownKeys = false }) }
    install(HSTS) { maxAgeInSeconds = 31_536_000; includeSubDomains = true }
    install(DefaultHeaders) { header("X-Content-Type-Options", "nosniff"); header("X-Frame-Options", "DENY"); header("Cache-Control", "no-store") }
    install(CORS) { config.origins.forEach { URI(it).let { u -> allowHost(u.authority, schemes = listOf(u.scheme)) } }; allowHeader(HttpHeaders.Authorization); allowHeader(HttpHeaders.ContentType); allowMethod(HttpMethod.Put); allowMethod(HttpMethod.Delete) }
    install(RateLimit) { register(RateLimitName("caller")) { rateLimiter(limit = 120, refillPeriod = 1.minutes); requestKey { it.principal<JWTPrincipal>()?.subject ?: it.request.local.remoteAddress } } }
    install(RequestValidation) { validate<Appointment> { a -> a.problems().let { if (it.isEmpty()) ValidationResult.Valid else ValidationResult.Invalid(it) } }; validate<Work> { w -> w.problems().let { if (it.isEmpty()) ValidationResult.Valid else ValidationResult.Invalid(it) } } }
    install(StatusPages) {
        exception<RequestValidationException> { call, e -> call.respond(HttpStatusCode.BadRequest, mapOf("errors" to e.reasons)) }
        exception<Taken> { call, _ -> call.respond(HttpStatusCode.Conflict, mapOf("error" to "taken")) }
        exception<Throwable> { call, e -> log.error("request failed: {} {}", call.request.local.method.value, call.request.local.uri, e); call.respond(HttpStatusCode.InternalServerError, mapOf("error" to "internal")) }
    }
    val keys = JwkProviderBuilder(URI("${config.issuer}/keys").toURL()).cached(10, 24, TimeUnit.HOURS).rateLimited(10, 1, TimeUnit.MINUTES).timeouts(2_000, 3_000).build()
    install(Authentication) { jwt("staff") { verifier(keys, config.issuer) { withAudience("bike-repair"); acceptLeeway(3) }; validate { c -> JWTPrincipal(c.payload).takeIf { !c.payload.getClaim("shop").isMissing } } } }

    routing {
        get("/live") { call.respondText("ok") }
        get("/ready") { if (db.alive()) call.respondText("ok") else call.respond(HttpStatusCode.ServiceUnavailable, "database") }
        authenticate("staff") {
            route("/api/v1") { appointments(db, flags, meters); orders(db, meters); me(db) }
        }
    }
    Metrics.serve(meters, port = 9090)
}

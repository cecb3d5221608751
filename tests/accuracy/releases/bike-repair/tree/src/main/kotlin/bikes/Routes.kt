package bikes

import io.ktor.http.HttpStatusCode
import io.ktor.server.auth.jwt.JWTPrincipal
import io.ktor.server.auth.principal
import io.ktor.server.application.ApplicationCall
import io.ktor.server.plugins.callid.callId
import io.ktor.server.request.receive
import io.ktor.server.response.respond
import io.ktor.server.routing.*
import io.micrometer.core.instrument.MeterRegistry
import java.util.UUID
import kotlinx.datetime.LocalDate
import kotlinx.serialization.Serializable

@Serializable
data class Appointment(val day: LocalDate, val slot: Int, val customer: String, val phone: String, val bike: String) {
    fun problems() = buildList {
        if (slot !in 1..16) add("slot")
        if (customer.isBlank() || customer.length > 80) add("customer")
        if (!phone.matches(Regex("\\+?[0-9 ]{6,20}"))) add("phone")
        if (bike.length !in 1..80) add("bike")
    }
}

@Serializable
data class Work(val what: String, val minutes: Int, val cents: Int) {
    fun problems() = buildList {
        if (what.length !in 1..200) add("what")
        if (minutes !in 1..600) add("minutes")
        if (cents !in 0..500_000) add("cents")
    }
}

data class Staff(val subject: String, val shop: Int, val roles: Set<String>, val second: Boolean)

class Refused : RuntimeException()

fun ApplicationCall.staff(): Staff = principal<JWTPrincipal>()!!.let { p ->
    Staff(p.subject!!, p.payload.getClaim("shop").asInt(), p.payload.getClaim("roles").asList(String::class.java)?.toSet().orEmpty(), p.payload.getClaim("amr").asList(String::class.java)?.contains("otp") == true)
}

/** Masters see money; they come with a second factor. */
private suspend fun ApplicationCall.master(block: suspend (Staff) -> Unit) = staff().let { if ("master" in it.roles && it.second) block(it) else respond(HttpStatusCode.Forbidden) }

private fun ApplicationCall.id() = runCatching { UUID.fromString(parameters["id"]) }.getOrNull()

fun Route.appointments(db: Database, flags: Flags, meters: MeterRegistry) {
    get("/appointments") { call.respond(db.appointments(call.staff(), LocalDate.parse(call.request.queryParameters["day"]!!))) }
    post("/appointments") {
        val who = call.staff()
        val made = Telemetry.span("appointment") { db.appoint(who, call.receive<Appointment>(), reminders = flags.on("reminders", who), call.callId) }
        meters.counter("repair.appointments", "shop", who.shop.toString()).increment()
        call.respond(HttpStatusCode.Created, mapOf("id" to made.toString()))
    }
    delete("/appointments/{id}") { val id = call.id(); call.respond(if (id != null && db.cancel(call.staff(), id, call.callId)) HttpStatusCode.NoContent else HttpStatusCode.NotFound) }
}

fun Route.orders(db: Database, meters: MeterRegistry) {
    put("/appointments/{id}/work") {
        val id = call.id() ?: return@put call.respond(HttpStatusCode.BadRequest)
        val work = call.receive<Work>()
        if (!db.work(call.staff(), id, work, call.callId)) return@put call.respond(HttpStatusCode.NotFound)
        meters.counter("repair.cents").increment(work.cents.toDouble())
        call.respond(HttpStatusCode.NoContent)
    }
    get("/takings") { call.master { call.respond(db.takings(it, call.callId)) } }
}

fun Route.me(db: Database) {
    get("/customers/{phone}/data") { call.master { call.respond(db.dataOf(it, call.parameters["phone"]!!, call.callId)) } }
    delete("/customers/{phone}") { call.master { db.forget(it, call.parameters["phone"]!!, call.callId); call.respond(HttpStatusCode.NoContent) } }
}

package bikes

import com.github.benmanes.caffeine.cache.Caffeine
import com.zaxxer.hikari.HikariConfig
import com.zaxxer.hikari.HikariDataSource
import java.time.Duration
import java.util.UUID
import kotlinx.datetime.LocalDate
import org.jetbrains.exposed.exceptions.ExposedSQLException
import org.jetbrains.exposed.sql.*
import org.jetbrains.exposed.sql.Database as Exposed
import org.jetbrains.exposed.sql.SqlExpressionBuilder.eq
import org.jetbrains.exposed.sql.kotlin.datetime.date
import org.jetbrains.exposed.sql.kotlin.datetime.timestamp
import org.jetbrains.exposed.sql.transactions.transaction

class Taken : RuntimeException()

object Appointments : Table("appointments") {
    val id = uuid("id")
    val shop = integer("shop_id")
    val day = date("day")
    val slot = short("slot")
    val customer = text("customer")
    val phone = text("phone")
    val bike = text("bike")
    val cancelledAt = timestamp("cancelled_at").nullable()
    override val primaryKey = PrimaryKey(id)
}

object Works : Table("works") {
    val appointment = uuid("appointment_id")
    val what = text("what")
    val minutes = integer("minutes")
    val cents = integer("cents")
}

object Audit : Table("audit") {
    val who = text("who")
    val what = text("what")
    val on = text("on_id")
    val requestId = text("request_id")
}

object Outbox : Table("outbox") {
    val id = long("id").autoIncrement()
    val body = text("body")
    val tries = short("tries").default(0)
    val dead = bool("dead").default(false)
}

/** Ten connections for a pod; eight pods and two workers stay below the 150 of the cluster. */
class Database(config: Config) {
    private val source = HikariDataSource(HikariConfig().apply {
        jdbcUrl = config.db
        maximumPoolSize = 10
        connectionTimeout = 3_000
        maxLifetime = 1_200_000
        addDataSourceProperty("socketTimeout", "10")
        addDataSourceProperty("connectTimeout", "3")
        addDataSourceProperty("options", "-c statement_timeout=5000 -c lock_timeout=2000")
    })
    private val db = Exposed.connect(source)
    private val days = Caffeine.newBuilder().maximumSize(5_000).expireAfterWrite(Duration.ofSeconds(20)).recordStats().build<Pair<Int, LocalDate>, List<Map<String, String>>>()

    fun alive() = runCatching { source.connection.use { it.isValid(1) } }.getOrDefault(false)

    fun appointments(who: Staff, day: LocalDate): List<Map<String, String>> = days.get(who.shop to day) {
        transaction(db) {
            Appointments.leftJoin(Works, { id }, { appointment }).selectAll().where { (Appointments.shop eq who.shop) and (Appointments.day eq day) and Appointments.cancelledAt.isNull() }
                .orderBy(Appointments.slot).map { mapOf("id" to it[Appointments.id].toString(), "slot" to it[Appointments.slot].toString(), "bike" to it[Appointments.bike], "work" to it.getOrNull(Works.what).orEmpty()) }
        }
    }

    fun appoint(who: Staff, a: Appointment, reminders: Boolean, request: String?): UUID = try {
        transaction(db) {
            val id = UUID.randomUUID()
            Appointments.insert { it[Appointments.id] = id; it[shop] = who.shop; it[day] = a.day; it[slot] = a.slot.toShort(); it[customer] = a.customer; it[phone] = a.phone; it[bike] = a.bike }
            if (reminders) Outbox.insert { it[body] = """{"appointment":"$id"}""" }
            audit(who, "appointment.create", id.toString(), request)
            id
        }.also { days.invalidate(who.shop to a.day) }
    } catch (e: ExposedSQLException) {
        if (e.sqlState == "23505") throw Taken() else throw e
    }

    fun cancel(who: Staff, id: UUID, request: String?) = transaction(db) {
        (Appointments.update({ (Appointments.id eq id) and (Appointments.shop eq who.shop) and Appointments.cancelledAt.isNull() }) { it[cancelledAt] = kotlinx.datetime.Clock.System.now() } == 1).also { if (it) audit(who, "appointment.cancel", id.toString(), request) }
    }.also { days.invalidateAll() }

    fun work(who: Staff, id: UUID, w: Work, request: String?) = transaction(db) {
        if (Appointments.selectAll().where { (Appointments.id eq id) and (Appointments.shop eq who.shop) }.empty()) return@transaction false
        Works.upsert { it[appointment] = id; it[what] = w.what; it[minutes] = w.minutes; it[cents] = w.cents }
        audit(who, "work.put", id.toString(), request)
        true
    }

    fun takings(who: Staff, request: String?) = transaction(db) {
        audit(who, "takings.read", who.shop.toString(), request)
        Works.innerJoin(Appointments, { appointment }, { id }).select(Works.cents.sum()).where { Appointments.shop eq who.shop }.single()[Works.cents.sum()].let { mapOf("cents" to (it ?: 0)) }
    }

    fun dataOf(who: Staff, phone: String, request: String?) = transaction(db) {
        audit(who, "customer.export", "-", request)
        Appointments.selectAll().where { (Appointments.phone eq phone) and (Appointments.shop eq who.shop) }.map { mapOf("day" to it[Appointments.day].toString(), "customer" to it[Appointments.customer], "bike" to it[Appointments.bike]) }
    }

    fun forget(who: Staff, phone: String, request: String?) = transaction(db) {
        Appointments.update({ (Appointments.phone eq phone) and (Appointments.shop eq who.shop) }) { it[customer] = "-"; it[Appointments.phone] = "-" }
        audit(who, "customer.forget", "-", request)
    }

    /** Each night: customers' names and phones two years after their day; rows older than eleven years. */
    fun purge() = transaction(db) {
        exec("update appointments set customer = '-', phone = '-' where day < current_date - 730 and phone <> '-'")
        exec("delete from appointments where day < current_date - 4015")
        Unit
    }

    fun <T> inside(block: Transaction.() -> T): T = transaction(db) { block() }

    private fun audit(who: Staff, what: String, on: String, request: String?) {
        Audit.insert { it[Audit.who] = who.subject; it[Audit.what] = what; it[Audit.on] = on; it[requestId] = request.orEmpty() }
    }
}

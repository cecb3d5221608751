package bikes

import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.jetbrains.exposed.sql.SqlExpressionBuilder.eq
import org.jetbrains.exposed.sql.*
import org.jetbrains.exposed.sql.SqlExpressionBuilder.plus
import org.slf4j.LoggerFactory

/** Sends reminders. What failed eight times is marked dead, counted and rings. */
class Worker(private val db: Database, private val suppliers: Suppliers) {
    private val log = LoggerFactory.getLogger(Worker::class.java)

    fun run() = runBlocking {
        while (true) {
            val next = db.inside { Outbox.selectAll().where { Outbox.dead eq false }.orderBy(Outbox.tries to SortOrder.ASC, Outbox.id to SortOrder.ASC).limit(1).forUpdate().singleOrNull()?.let { Triple(it[Outbox.id], it[Outbox.body], it[Outbox.tries]) } }
            if (next == null) { delay(1_000); continue }
            val (id, body, tries) = next
            runCatching { suppliers.remind(body, "reminder-$id") }
                .onSuccess { db.inside { Outbox.deleteWhere { Outbox.id eq id } } }
                .onFailure { e ->
                    if (tries >= 7) { log.error("reminder given up, outbox {}", id, e); db.inside { Outbox.update({ Outbox.id eq id }) { it[dead] = true } } }
                    else { log.warn("reminder postponed, outbox {}", id); db.inside { Outbox.update({ Outbox.id eq id }) { it[Outbox.tries] = Outbox.tries + 1.toShort() } }; delay(500L shl tries.toInt()) }
                }
        }
    }
}

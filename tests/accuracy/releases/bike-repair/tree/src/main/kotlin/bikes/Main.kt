package bikes

import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty

fun main(args: Array<String>) {
    val config = Config.fromEnvironment()
    when (args.firstOrNull()) {
        "migrate" -> migrate(config, dryRun = false)
        "migrate-sql" -> migrate(config, dryRun = true)
        "work" -> Worker(Database(config), Suppliers(config)).run()
        "purge" -> Database(config).purge()
        else -> embeddedServer(Netty, port = 8080, configure = {
            shutdownGracePeriod = 10_000
            shutdownTimeout = 25_000
            requestReadTimeoutSeconds = 10
            responseWriteTimeoutSeconds = 15
        }) { module(config, Database(config)) }.start(wait = true)
    }
}

data class Config(val db: String, val issuer: String, val origins: List<String>, val suppliersUrl: String, val suppliersKey: String, val unleash: String, val unleashToken: String) {
    companion object {
        fun fromEnvironment() = System.getenv().let { e ->
            Config(e.getValue("DATABASE_URL"), e.getValue("ISSUER"), e.getValue("ORIGINS").split(","), e.getValue("SUPPLIERS_URL"), e["SUPPLIERS_KEY"].orEmpty(), e["UNLEASH_URL"].orEmpty(), e["UNLEASH_TOKEN"].orEmpty())
        }
    }
}

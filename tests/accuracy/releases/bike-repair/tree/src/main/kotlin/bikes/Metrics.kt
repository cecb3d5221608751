package bikes

import com.sun.net.httpserver.HttpServer
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import java.net.InetSocketAddress

object Metrics {
    fun serve(meters: PrometheusMeterRegistry, port: Int) {
        HttpServer.create(InetSocketAddress(port), 16).apply {
            createContext("/metrics") { x -> meters.scrape().toByteArray().let { x.sendResponseHeaders(200, it.size.toLong()); x.responseBody.use { o -> o.write(it) } } }
            start()
        }
    }
}

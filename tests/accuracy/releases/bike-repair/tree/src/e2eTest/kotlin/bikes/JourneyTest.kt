package bikes

import java.net.URI
import java.net.http.*
import java.time.Duration
import kotlin.test.Test
import kotlin.test.assertEquals

class JourneyTest {
    private val base = System.getProperty("base")
    private val http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()
    private fun send(method: String, path: String, body: String = "") = http.send(HttpRequest.newBuilder(URI(base + path)).timeout(Duration.ofSeconds(10)).header("Authorization", "Bearer ${System.getenv("E2E_TOKEN")}").header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString())

    @Test fun `appoints, works, cancels`() {
        val made = send("POST", "/api/v1/appointments", """{"day":"2031-01-06","slot":${1 + System.nanoTime() % 16},"customer":"E2E","phone":"030 000000","bike":"test"}""")
        assertEquals(201, made.statusCode())
        val id = Regex("[0-9a-f-]{36}").find(made.body())!!.value
        assertEquals(204, send("PUT", "/api/v1/appointments/$id/work", """{"what":"tyre","minutes":20,"cents":2500}""").statusCode())
        assertEquals(204, send("DELETE", "/api/v1/appointments/$id").statusCode())
    }

    @Test fun `is well`() = listOf("/live", "/ready").forEach { assertEquals(200, send("GET", it).statusCode()) }
}

package bikes

import io.ktor.client.request.*
import io.ktor.http.*
import io.ktor.server.testing.testApplication
import kotlin.test.Test
import kotlin.test.assertEquals

class ApiTest : Ground() {
    @Test fun `wants a token`() = testApplication {
        application { module(config, database) }
        for (path in listOf("/api/v1/appointments?day=2027-01-04", "/api/v1/takings")) assertEquals(HttpStatusCode.Unauthorized, client.get(path).status)
    }

    @Test fun `keeps mechanics from takings, and masters without second factor`() = testApplication {
        application { module(config, database) }
        assertEquals(HttpStatusCode.Forbidden, client.get("/api/v1/takings") { bearerAuth(token(roles = listOf("mechanic"))) }.status)
        assertEquals(HttpStatusCode.Forbidden, client.get("/api/v1/takings") { bearerAuth(token(roles = listOf("master"), amr = listOf("pwd"))) }.status)
        assertEquals(HttpStatusCode.OK, client.get("/api/v1/takings") { bearerAuth(token(roles = listOf("master"), amr = listOf("otp"))) }.status)
    }

    @Test fun `gives a slot once`() = testApplication {
        application { module(config, database) }
        val body = """{"day":"2027-01-04","slot":1,"customer":"A","phone":"030 123456","bike":"b"}"""
        assertEquals(listOf(HttpStatusCode.Created, HttpStatusCode.Conflict), List(2) { client.post("/api/v1/appointments") { bearerAuth(token()); contentType(ContentType.Application.Json); setBody(body) }.status })
    }
}

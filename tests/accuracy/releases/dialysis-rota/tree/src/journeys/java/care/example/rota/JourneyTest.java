package care.example.rota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** A planner of the test centre assigns, sees and frees a chair; a patient sees her data. */
class JourneyTest {
    private static final String BASE = System.getProperty("base");
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @Test
    void plannerAssignsSeesAndFrees() throws Exception {
        var day = LocalDate.now().plusDays(300);
        var made = send("POST", "/api/v1/rota", "{\"patient\":\"00000000-0000-0000-0000-00000000e2e1\",\"centre\":99,\"day\":\"" + day + "\",\"shift\":1,\"chair\":1}", "PLANNER_TOKEN");
        assertEquals(201, made.statusCode());
        var id = made.body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        assertEquals(200, send("GET", "/api/v1/rota?centre=99&day=" + day, null, "PLANNER_TOKEN").statusCode());
        assertEquals(204, send("DELETE", "/api/v1/rota/" + id, null, "PLANNER_TOKEN").statusCode());
    }

    @Test
    void patientSeesHerData() throws Exception {
        assertEquals(200, send("GET", "/api/v1/me/data", null, "PATIENT_TOKEN").statusCode());
    }

    @Test
    void healthIsGood() throws Exception {
        for (var path : new String[] {"/livez", "/readyz"}) assertEquals(200, send("GET", path, null, "PLANNER_TOKEN").statusCode());
    }

    private java.net.http.HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        var b = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return http.send(HttpRequest.newBuilder(URI.create(BASE + path)).timeout(Duration.ofSeconds(10)).method(method, b)
            .header("Authorization", "Bearer " + System.getenv(token)).header("Content-Type", "application/json").build(), BodyHandlers.ofString());
    }
}

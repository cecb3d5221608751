package care.example.rota.pickup;

import io.github.resilience4j.circuitbreaker.annotation.CircuitBreaker;
import io.github.resilience4j.retry.annotation.Retry;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;

/** The taxi house's interface. Sends an address and a time, never a name or a reason. */
@Service
class Pickups {
    private final RestClient taxi;

    Pickups(RestClient.Builder builder, @Value("${rota.taxi.url}") String url, @Value("${rota.taxi.key}") String key) {
        var settings = HttpClientSettings.defaults().withConnectTimeout(Duration.ofSeconds(2)).withReadTimeout(Duration.ofSeconds(5));
        taxi = builder.baseUrl(url).defaultHeader("Authorization", "Bearer " + key).requestFactory(ClientHttpRequestFactoryBuilder.jdk().build(settings)).build();
    }

    @Retry(name = "taxi")
    @CircuitBreaker(name = "taxi")
    void order(String slot, String address, String at) {
        taxi.post().uri("/rides").header("Idempotency-Key", slot).body(new Ride(address, at)).retrieve().toBodilessEntity();
    }

    record Ride(String address, String at) {}
}

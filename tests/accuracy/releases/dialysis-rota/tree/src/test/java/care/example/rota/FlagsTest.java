package care.example.rota;

import static org.assertj.core.api.Assertions.assertThat;

import io.getunleash.DefaultUnleash;
import io.getunleash.util.UnleashConfig;
import org.junit.jupiter.api.Test;

class FlagsTest {
    @Test
    void pickupsAreOffWhenUnleashIsAway() {
        var away = new DefaultUnleash(UnleashConfig.builder().appName("t").instanceId("t").unleashAPI("http://localhost:1/api").apiKey("none").synchronousFetchOnInitialisation(false).build());
        assertThat(away.isEnabled("pickups", false)).isFalse();
    }
}

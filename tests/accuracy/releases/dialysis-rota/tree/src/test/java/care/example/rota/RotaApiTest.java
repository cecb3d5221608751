package care.example.rota;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.jwt;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.*;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.web.servlet.MockMvc;

@SpringBootTest
@AutoConfigureMockMvc
@ActiveProfiles("test")
class RotaApiTest extends Databases {
    @Autowired MockMvc mvc;

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/rota?centre=1&day=2026-12-01", "/api/v1/patients?centre=1", "/api/v1/me/data"})
    void wantsAToken(String path) throws Exception {
        mvc.perform(get(path)).andExpect(status().isUnauthorized());
    }

    @Test
    void keepsDriversFromPatients() throws Exception {
        mvc.perform(get("/api/v1/patients?centre=1").with(role("DRIVER"))).andExpect(status().isForbidden());
    }

    @Test
    void keepsNursesOfOtherCentresOut() throws Exception {
        mvc.perform(get("/api/v1/patients?centre=2").with(role("NURSE"))).andExpect(status().isForbidden());
    }

    @Test
    void refusesAChairThatIsNotThere() throws Exception {
        mvc.perform(post("/api/v1/rota").with(role("PLANNER")).contentType("application/json")
            .content("{\"patient\":\"" + PATIENT + "\",\"centre\":1,\"day\":\"2099-01-01\",\"shift\":4,\"chair\":99}")).andExpect(status().isBadRequest());
    }

    @Test
    void savesASlotOnce() throws Exception {
        var body = "{\"patient\":\"" + PATIENT + "\",\"centre\":1,\"day\":\"2099-01-01\",\"shift\":1,\"chair\":1}";
        mvc.perform(post("/api/v1/rota").with(role("PLANNER")).contentType("application/json").content(body)).andExpect(status().isCreated());
        mvc.perform(post("/api/v1/rota").with(role("PLANNER")).contentType("application/json").content(body)).andExpect(status().isConflict());
    }

    private static org.springframework.test.web.servlet.request.RequestPostProcessor role(String role) {
        return jwt().jwt(j -> j.subject("u1").claim("centres", java.util.List.of(1))).authorities(new SimpleGrantedAuthority("ROLE_" + role));
    }
}

package care.example.rota.config;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Component;

/** A nurse or planner belongs to the centres that the token names. */
@Component("centres")
class Centres {
    private final JdbcClient db;

    Centres(JdbcClient db) {
        this.db = db;
    }

    public boolean mine(Authentication who, int centre) {
        List<Number> own = ((Jwt) who.getPrincipal()).getClaim("centres");
        return own != null && own.stream().anyMatch(n -> n.intValue() == centre);
    }

    public boolean ofPatient(Authentication who, UUID id) {
        return db.sql("select centre_id from patients where id = :id").param("id", id).query(Integer.class).optional().map(c -> mine(who, c)).orElse(false);
    }

    public boolean ofSlot(Authentication who, UUID id) {
        return db.sql("select centre_id from slots where id = :id").param("id", id).query(Integer.class).optional().map(c -> mine(who, c)).orElse(false);
    }
}

package care.example.rota.audit;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.MDC;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Who, what, on what, when, from where, and the value before and after. The table is chained by a trigger (V3). */
@Component
public class Audit {
    private final JdbcClient db;
    private final HttpServletRequest request;

    Audit(JdbcClient db, HttpServletRequest request) {
        this.db = db;
        this.request = request;
    }

    public void record(String what, String kind, Object id, String before, String after) {
        db.sql("insert into audit (who, what, kind, on_id, before, after, ip, request_id) values (:who, :what, :kind, :id, :b, :a, :ip::inet, :r)")
            .param("who", SecurityContextHolder.getContext().getAuthentication().getName())
            .param("what", what).param("kind", kind).param("id", String.valueOf(id)).param("b", before).param("a", after)
            .param("ip", request.getRemoteAddr()).param("r", MDC.get("request_id")).update();
    }
}

package care.example.rota.config;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestIdFilter extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(HttpServletRequest req, HttpServletResponse res, FilterChain chain) throws ServletException, IOException {
        var id = Optional.ofNullable(req.getHeader("X-Request-Id")).filter(s -> s.matches("[\\w-]{8,64}")).orElseGet(() -> UUID.randomUUID().toString());
        try (var a = MDC.putCloseable("request_id", id)) {
            res.setHeader("X-Request-Id", id);
            chain.doFilter(req, res);
        }
    }
}

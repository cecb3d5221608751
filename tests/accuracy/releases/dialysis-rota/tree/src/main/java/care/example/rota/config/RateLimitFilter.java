package care.example.rota.config;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

@Component
@Order(10)
class RateLimitFilter extends OncePerRequestFilter {
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder().maximumSize(50_000).expireAfterAccess(Duration.ofMinutes(5)).build();

    @Override
    protected void doFilterInternal(HttpServletRequest req, HttpServletResponse res, FilterChain chain) throws ServletException, IOException {
        var who = req.getUserPrincipal() == null ? req.getRemoteAddr() : req.getUserPrincipal().getName();
        var bucket = buckets.get(who, k -> Bucket.builder().addLimit(l -> l.capacity(120).refillGreedy(120, Duration.ofMinutes(1))).build());
        if (bucket.tryConsume(1)) {
            chain.doFilter(req, res);
        } else {
            res.setHeader("Retry-After", "10");
            res.sendError(429);
        }
    }
}

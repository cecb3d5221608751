package care.example.rota.pickup;

import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class Outbox {
    private final JdbcClient db;
    private final KafkaTemplate<String, String> kafka;

    Outbox(JdbcClient db, KafkaTemplate<String, String> kafka) {
        this.db = db;
        this.kafka = kafka;
    }

    @Scheduled(fixedDelay = 1000)
    @Transactional(timeout = 20)
    void handOn() throws Exception {
        for (var row : db.sql("select id, topic, body->>'slot' as slot from outbox order by id limit 50 for update skip locked").query().listOfRows()) {
            kafka.send((String) row.get("topic"), (String) row.get("slot"), (String) row.get("slot")).get(10, TimeUnit.SECONDS);
            db.sql("delete from outbox where id = :id").param("id", row.get("id")).update();
        }
    }
}

package care.example.rota.pickup;

import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.DltHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.stereotype.Component;

@Component
class PickupListener {
    private static final Logger log = LoggerFactory.getLogger(PickupListener.class);
    private final Pickups pickups;
    private final JdbcClient db;
    private final MeterRegistry meters;

    PickupListener(Pickups pickups, JdbcClient db, MeterRegistry meters) {
        this.pickups = pickups;
        this.db = db;
        this.meters = meters;
    }

    @RetryableTopic(attempts = "5", backOff = @BackOff(delay = 2000, multiplier = 3.0, maxDelay = 120000), dltTopicSuffix = "-dead")
    @KafkaListener(topics = "pickups", groupId = "rota")
    void take(String slot) {
        var ride = db.sql("select a.street || ', ' || a.town as address, s.day || 'T' || s.shift as at from slots s join addresses a on a.patient_id = s.patient_id where s.id = :id::uuid")
            .param("id", slot).query().singleRow();
        pickups.order(slot, (String) ride.get("address"), (String) ride.get("at"));
        meters.counter("rota.pickups", "outcome", "ordered").increment();
    }

    @DltHandler
    void dead(String slot) {
        meters.counter("rota.pickups", "outcome", "dead").increment();
        log.error("pick-up given up, slot {}", slot);
    }
}

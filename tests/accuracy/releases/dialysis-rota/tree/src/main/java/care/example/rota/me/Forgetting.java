package care.example.rota.me;

import care.example.rota.patient.Patients;
import java.time.LocalDate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The law wants treatment records for ten years; ours are times and chairs, which go three years after somebody left. */
@Component
class Forgetting {
    private static final Logger log = LoggerFactory.getLogger(Forgetting.class);
    private final Patients patients;

    Forgetting(Patients patients) {
        this.patients = patients;
    }

    @Scheduled(cron = "0 30 3 * * *")
    @Transactional
    void run() {
        log.info("patients forgotten: {}", patients.forget(LocalDate.now().minusYears(3)));
    }
}

package care.example.rota.me;

import care.example.rota.audit.Audit;
import care.example.rota.patient.Patients;
import java.security.Principal;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/api/v1/me")
class MeController {
    private final Patients patients;
    private final JdbcClient db;
    private final Audit audit;

    MeController(Patients patients, JdbcClient db, Audit audit) {
        this.patients = patients;
        this.db = db;
        this.audit = audit;
    }

    /** All that is held about the patient who asks. */
    @GetMapping("/data")
    Map<String, Object> data(Principal who) {
        var p = patients.findBySubject(who.getName()).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        audit.record("me.export", "patient", p.id, null, null);
        return Map.of(
            "name", p.givenName + " " + p.familyName, "bornOn", p.bornOn, "insuranceNo", p.insuranceNo, "dryWeightKg", String.valueOf(p.dryWeightKg),
            "slots", db.sql("select day, shift, chair, pickup from slots where patient_id = :p order by day").param("p", p.id).query().listOfRows(),
            "consents", db.sql("select what, given, at from consents where patient_id = :p order by at").param("p", p.id).query().listOfRows());
    }

    @PutMapping("/consents/{what}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    void consent(@PathVariable String what, @RequestParam boolean given, Principal who) {
        var p = patients.findBySubject(who.getName()).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        db.sql("insert into consents (patient_id, what, given) values (:p, :w, :g)").param("p", p.id).param("w", what).param("g", given).update();
        audit.record("me.consent", "patient", p.id, what, String.valueOf(given));
    }
}

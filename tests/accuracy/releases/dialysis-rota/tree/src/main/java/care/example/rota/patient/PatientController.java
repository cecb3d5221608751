package care.example.rota.patient;

import care.example.rota.audit.Audit;
import jakarta.validation.Valid;
import jakarta.validation.constraints.*;
import java.time.LocalDate;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/api/v1/patients")
class PatientController {
    record PatientIn(
        @NotBlank @Pattern(regexp = "[A-Z]\\d{9}") String insuranceNo,
        @NotBlank @Size(max = 60) String givenName,
        @NotBlank @Size(max = 60) String familyName,
        @NotNull @Past LocalDate bornOn,
        @NotNull Integer centre,
        @Pattern(regexp = "\\d{2,3}(\\.\\d)?") String dryWeightKg) {}

    record PatientOut(UUID id, String givenName, String familyName, LocalDate bornOn, String centre, String dryWeightKg) {
        static PatientOut of(Patient p) { return new PatientOut(p.id, p.givenName, p.familyName, p.bornOn, p.centre.name, p.dryWeightKg); }
    }

    private final Patients patients;
    private final Audit audit;

    PatientController(Patients patients, Audit audit) {
        this.patients = patients;
        this.audit = audit;
    }

    @GetMapping
    @PreAuthorize("@centres.mine(authentication, #centre)")
    Page<PatientOut> list(@RequestParam int centre, Pageable page) {
        return patients.findByCentreIdAndLeftOnIsNull(centre, page).map(PatientOut::of);
    }

    @GetMapping("/{id}")
    @PreAuthorize("@centres.ofPatient(authentication, #id)")
    PatientOut one(@PathVariable UUID id) {
        return patients.findWithCentreById(id).map(PatientOut::of).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Transactional
    @PreAuthorize("hasRole('PLANNER') and @centres.mine(authentication, #in.centre())")
    PatientOut create(@Valid @RequestBody PatientIn in) {
        var p = patients.create(in.insuranceNo(), in.givenName(), in.familyName(), in.bornOn(), in.centre(), in.dryWeightKg());
        audit.record("patient.create", "patient", p.id, null, p.insuranceNo);
        return PatientOut.of(p);
    }

    @PutMapping("/{id}/weight")
    @Transactional
    @PreAuthorize("hasRole('NURSE') and @centres.ofPatient(authentication, #id)")
    PatientOut weigh(@PathVariable UUID id, @RequestParam @Pattern(regexp = "\\d{2,3}(\\.\\d)?") String kg) {
        var p = patients.findWithCentreById(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        audit.record("patient.weigh", "patient", id, p.dryWeightKg == null ? null : "sealed", "sealed");
        p.dryWeightKg = kg;
        return PatientOut.of(p);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    @PreAuthorize("hasRole('PLANNER') and @centres.ofPatient(authentication, #id)")
    void leave(@PathVariable UUID id) {
        patients.leave(id);
        audit.record("patient.leave", "patient", id, null, null);
    }
}

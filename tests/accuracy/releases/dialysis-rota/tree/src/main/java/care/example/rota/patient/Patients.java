package care.example.rota.patient;

import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

public interface Patients extends JpaRepository<Patient, UUID> {
    @EntityGraph(attributePaths = "centre")
    Page<Patient> findByCentreIdAndLeftOnIsNull(int centre, Pageable page);

    @EntityGraph(attributePaths = "centre")
    Optional<Patient> findWithCentreById(UUID id);

    @EntityGraph(attributePaths = "centre")
    Optional<Patient> findBySubject(String subject);

    @Modifying
    @Query("update Patient p set p.leftOn = current_date where p.id = :id")
    void leave(UUID id);

    @Modifying
    @Query("delete from Patient p where p.leftOn < :before")
    int forget(LocalDate before);

    default Patient create(String no, String given, String family, LocalDate born, int centre, String kg) {
        var p = new Patient();
        p.id = UUID.randomUUID();
        p.insuranceNo = no;
        p.givenName = given;
        p.familyName = family;
        p.bornOn = born;
        p.subject = "pending:" + p.id;
        p.centre = new Centre();
        p.centre.id = centre;
        p.dryWeightKg = kg;
        return save(p);
    }
}

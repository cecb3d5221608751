package care.example.rota.patient;

import jakarta.persistence.*;
import java.time.LocalDate;
import java.util.UUID;

@Entity
@Table(name = "patients")
public class Patient {
    @Id public UUID id;
    @Column(nullable = false, unique = true) public String insuranceNo;
    @Column(nullable = false) public String givenName;
    @Column(nullable = false) public String familyName;
    @Column(nullable = false) public LocalDate bornOn;
    @Column(nullable = false) public String subject;
    @ManyToOne(optional = false, fetch = FetchType.LAZY) public Centre centre;
    @Convert(converter = SealedConverter.class) public String dryWeightKg;
    public LocalDate leftOn;
    @Version public int version;
}

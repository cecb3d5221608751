package care.example.rota.patient;

import jakarta.persistence.*;

@Entity
@Table(name = "centres")
public class Centre {
    @Id public Integer id;
    @Column(nullable = false, unique = true) public String name;
    @Column(nullable = false) public int chairs;
}

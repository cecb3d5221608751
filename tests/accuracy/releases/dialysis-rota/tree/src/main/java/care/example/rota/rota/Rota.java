package care.example.rota.rota;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
public class Rota {
    public record Row(UUID id, UUID patient, String name, LocalDate day, int shift, int chair, boolean pickup) {}

    private final JdbcClient db;

    Rota(JdbcClient db) {
        this.db = db;
    }

    @Cacheable(cacheNames = "days", key = "#centre + '/' + #day")
    public List<Row> day(int centre, LocalDate day) {
        return db.sql("""
                select s.id, s.patient_id as patient, p.given_name || ' ' || p.family_name as name, s.day, s.shift, s.chair, s.pickup
                from slots s join patients p on p.id = s.patient_id
                where s.centre_id = :centre and s.day = :day order by s.shift, s.chair""")
            .param("centre", centre).param("day", day).query(Row.class).list();
    }

    @Transactional
    @CacheEvict(cacheNames = "days", key = "#centre + '/' + #day")
    public Row assign(UUID patient, int centre, LocalDate day, int shift, int chair, boolean pickup) {
        var id = UUID.randomUUID();
        db.sql("insert into slots (id, patient_id, centre_id, day, shift, chair, pickup) values (:id, :p, :c, :d, :s, :ch, :pu)")
            .param("id", id).param("p", patient).param("c", centre).param("d", day).param("s", shift).param("ch", chair).param("pu", pickup).update();
        if (pickup) db.sql("insert into outbox (topic, body) values ('pickups', jsonb_build_object('slot', :id::text))").param("id", id).update();
        return new Row(id, patient, null, day, shift, chair, pickup);
    }

    @Transactional
    @CacheEvict(cacheNames = "days", allEntries = true)
    public void free(UUID id) {
        db.sql("delete from slots where id = :id and day >= current_date").param("id", id).update();
    }
}

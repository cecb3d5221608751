package care.example.rota.rota;

import care.example.rota.audit.Audit;
import io.getunleash.DefaultUnleash;
import io.getunleash.UnleashContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.annotation.Observed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.*;
import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.*;

@RestController
@RequestMapping("/api/v1/rota")
class RotaController {
    record Slot(@NotNull UUID patient, @NotNull Integer centre, @NotNull @FutureOrPresent LocalDate day, @Min(1) @Max(3) int shift, @Min(1) @Max(60) int chair, boolean pickup) {}

    private final Rota rota;
    private final Audit audit;
    private final DefaultUnleash flags;
    private final MeterRegistry meters;

    RotaController(Rota rota, Audit audit, DefaultUnleash flags, MeterRegistry meters) {
        this.rota = rota;
        this.audit = audit;
        this.flags = flags;
        this.meters = meters;
    }

    @GetMapping
    @PreAuthorize("@centres.mine(authentication, #centre)")
    List<Rota.Row> day(@RequestParam int centre, @RequestParam LocalDate day) {
        return rota.day(centre, day);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Observed(name = "rota.assign")
    @PreAuthorize("hasRole('PLANNER') and @centres.mine(authentication, #slot.centre())")
    Rota.Row assign(@Valid @RequestBody Slot slot, Principal who) {
        var context = UnleashContext.builder().userId(who.getName()).addProperty("centre", String.valueOf(slot.centre())).build();
        var row = rota.assign(slot.patient(), slot.centre(), slot.day(), slot.shift(), slot.chair(), slot.pickup() && flags.isEnabled("pickups", context, false));
        meters.counter("rota.assigned", "centre", String.valueOf(slot.centre())).increment();
        audit.record("rota.assign", "slot", row.id(), null, slot.day() + "/" + slot.shift() + "/" + slot.chair());
        return row;
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PreAuthorize("hasRole('PLANNER') and @centres.ofSlot(authentication, #id)")
    void free(@PathVariable UUID id) {
        rota.free(id);
        audit.record("rota.free", "slot", id, null, null);
    }
}

package io.mailgenius.jobs.people;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mailgenius.jobs.audit.AuditTrail;
import io.mailgenius.jobs.people.RefusedSignInStore.Concerned;
import io.mailgenius.jobs.people.RefusedSignInStore.Counted;
import io.mailgenius.jobs.workspaces.SecretToken;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.WorkspaceScope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Refused attempts to sign in, for the audit trail of the workspaces of whoever they concern. Of a
 * person or key and a door there are two entries in a quarter of an hour at most: the first attempt
 * at once, and how many followed. Nothing that was entered is kept but the name.
 */
@Component
public class RefusedSignIns {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedSignIns.class);

    static final Duration SPAN = Duration.ofMinutes(15);

    private static final int AT_ONCE = 500;
    private static final int LONGEST = 320;

    /** By what somebody tried to sign in; {@code LIMIT}: by too many attempts. */
    public enum Door {
        PASSWORD,
        SECOND_FACTOR,
        KEY,
        OIDC,
        PASSKEY,
        LIMIT
    }

    private final PersonStore people;
    private final RefusedSignInStore store;
    private final AuditTrail trail;
    private final MeterRegistry meters;
    private final Clock clock;

    /** Attempts over the limit are not stored one by one: nothing was checked. */
    private final Cache<String, Boolean> limited =
            Caffeine.newBuilder()
                    .maximumSize(10_000)
                    .expireAfterWrite(SPAN)
                    .executor(Runnable::run)
                    .build();

    RefusedSignIns(
            PersonStore people,
            RefusedSignInStore store,
            AuditTrail trail,
            MeterRegistry meters,
            Clock clock) {
        this.people = people;
        this.store = store;
        this.trail = trail;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * @param email as it was entered; whether somebody has it is found out later
     * @param address from which the attempt came
     */
    public void ofEmail(Door door, String email, String address) {
        count(door, Identities.normal(email), address);
    }

    public void ofPerson(Door door, long personId, String address) {
        count(door, PersonSessions.principal(personId), address);
    }

    /** A key that nobody has concerns no workspace. */
    public void ofKey(String key, String address) {
        List<Long> known = store.key(SecretToken.hash(key));
        count(Door.KEY, known.isEmpty() ? "" : "key " + known.getFirst(), address);
    }

    /** By a passkey, or elsewhere, that leads to nobody. */
    public void ofNobody(Door door, String address) {
        count(door, "", address);
    }

    /** Too many attempts for somebody: recorded once in a quarter of an hour by each node. */
    public void limited(String subject, String address) {
        String normal = Identities.normal(subject);
        boolean first = limited.asMap().putIfAbsent(normal, true) == null;
        count(Door.LIMIT, first ? normal : "", address);
    }

    private void count(Door door, String subject, String address) {
        meters.counter(
                        "mailgenius_sign_ins_refused",
                        "door",
                        door.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .increment();
        if (subject.isEmpty() || subject.length() > LONGEST || subject.indexOf('\0') >= 0) {
            return;
        }
        try {
            people.identified(
                    () -> {
                        store.count(door.name(), subject, address, clock.instant());
                        return subject;
                    });
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("A refused sign-in could not be recorded: {}", e.getMessage());
        }
    }

    /** Called periodically by one node at a time. */
    void recordDue() {
        Instant older = clock.instant().minus(SPAN);
        List<Counted> due = people.identified(() -> store.due(older, AT_ONCE));
        for (Counted counted : due) {
            record(counted, counted.firstAt().isBefore(older));
        }
    }

    /** After a crash in between an entry is written twice rather than never. */
    private void record(Counted counted, boolean over) {
        List<Concerned> concerned = people.identified(() -> store.concerned(counted.subject()));
        if (counted.attempts() > counted.recorded()) {
            concerned.forEach(it -> record(counted, it));
        }
        people.identified(
                () -> {
                    if (over || concerned.isEmpty()) {
                        store.delete(counted);
                    } else {
                        store.recorded(counted);
                    }
                    return counted;
                });
    }

    private void record(Counted counted, Concerned whom) {
        Actor actor = new Actor(whom.kind(), whom.id(), whom.name(), counted.address(), null);
        WorkspaceScope.run(
                whom.workspaceId(),
                () ->
                        trail.refused(
                                actor,
                                "sign-in",
                                Long.toString(whom.id()),
                                Map.of(
                                        "door",
                                        counted.door(),
                                        "attempts",
                                        counted.attempts() - counted.recorded(),
                                        "from",
                                        counted.firstAt().toString(),
                                        "until",
                                        counted.lastAt().toString())));
    }
}

package io.mailgenius.jobs.workspaces;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What the current workspace has used, day by day. Days and months are those of UTC. Mails are
 * counted by {@link WorkspaceLimits}, contacts by triggers.
 */
@Component
@Transactional
public class Usage {

    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 366;

    /** So long an upload in pieces may take. */
    private static final int UPLOAD_DAYS = 1;

    private final JdbcClient jdbc;
    private final WorkspaceLimits limits;
    private final Clock clock;

    public Usage(JdbcClient jdbc, WorkspaceLimits limits, Clock clock) {
        this.jdbc = jdbc;
        this.limits = limits;
        this.clock = clock;
    }

    static LocalDate day(Instant moment) {
        return moment.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /**
     * Counts an import, in the transaction that makes it.
     *
     * @param bytes of its file
     * @throws Refusal.Conflict {@code storage-limit-reached}
     */
    public void imported(long bytes) {
        limits.requireStorage(bytes, clock.instant());
        add("imports", 1);
    }

    /** Counts requests to the API. */
    public void requests(long more) {
        add("requests", more);
    }

    private void add(String column, long more) {
        jdbc.sql(
                        "INSERT INTO metered_use (workspace_id, day, "
                                + column
                                + ") VALUES (:workspace, :day, :more)")
                .param("workspace", WorkspaceScope.required())
                .param("day", day(clock.instant()))
                .param("more", more)
                .update();
    }

    /**
     * A file that is announced takes its place at once.
     *
     * @throws Refusal.Conflict {@code storage-limit-reached}
     */
    public void announceUpload(String key, long bytes) {
        limits.requireStorage(bytes, clock.instant());
        keepUpload(key, bytes);
    }

    /** It keeps its place. */
    public void keepUpload(String key, long bytes) {
        jdbc.sql(
                        """
                        INSERT INTO upload_part (workspace_id, key, bytes, announced_at)
                        VALUES (:workspace, :key, :bytes, :now)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("key", key)
                .param("bytes", bytes)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** It has got the key under which it is known from now on. */
    public void nameUpload(String announced, String key) {
        jdbc.sql(
                        """
                        UPDATE upload_part SET key = :key WHERE workspace_id = :workspace AND key = :announced
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("announced", announced)
                .param("key", key)
                .update();
    }

    public void endUpload(String key) {
        jdbc.sql("DELETE FROM upload_part WHERE workspace_id = :workspace AND key = :key")
                .param("workspace", WorkspaceScope.required())
                .param("key", key)
                .update();
    }

    /**
     * @param from the first day; 30 days before the last if it is left out
     * @param until the last day; today if it is left out
     * @throws Refusal.Invalid if there is no day, or more than 366
     */
    @AutocommitRead
    public UsageView find(@Nullable LocalDate from, @Nullable LocalDate until) {
        LocalDate today = day(clock.instant());
        LocalDate last = until == null ? today : until;
        LocalDate first = from == null ? last.minusDays(USUAL_DAYS - 1) : from;
        long days = ChronoUnit.DAYS.between(first, last) + 1;
        if (days < 1 || days > MOST_DAYS || first.getYear() < 1 || last.getYear() > 9999) {
            throw new Refusal.Invalid(
                    "days-invalid",
                    "from and until are days such as 2030-01-31, from not after until, %d days at most."
                            .formatted(MOST_DAYS));
        }
        UsageView.Held held = held();
        return new UsageView(
                limits.find(),
                held,
                days(first, last).stream()
                        .map(it -> it.day().equals(today) ? it.holding(held) : it)
                        .toList());
    }

    private UsageView.Held held() {
        Instant now = clock.instant();
        LocalDate month = day(now).withDayOfMonth(1);
        return jdbc.sql(
                        """
                        SELECT (SELECT coalesce(sum(contacts), 0) FROM contact_count
                                 WHERE workspace_id = :workspace) AS contacts,
                               (SELECT coalesce(sum(mails), 0) FROM metered_use
                                 WHERE workspace_id = :workspace AND day >= :month AND day < :next) AS mails,
                               stored_bytes(:now) AS storage
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("month", month)
                .param("next", month.plusMonths(1))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(
                        (row, _) ->
                                new UsageView.Held(
                                        row.getLong("contacts"),
                                        row.getLong("mails"),
                                        row.getLong("storage")))
                .single();
    }

    private List<UsageView.Day> days(LocalDate first, LocalDate last) {
        return jdbc.sql(
                        """
                        SELECT d.day::date AS day, coalesce(u.mails, 0) AS mails, coalesce(u.imports, 0) AS imports,
                               coalesce(u.requests, 0) AS requests, h.contacts, h.storage
                          FROM generate_series(CAST(:first AS date)::timestamp, CAST(:last AS date)::timestamp,
                                               interval '1 day') AS d (day)
                          LEFT JOIN (SELECT day, sum(mails) AS mails, sum(imports) AS imports, sum(requests) AS requests
                                       FROM metered_use
                                      WHERE workspace_id = :workspace AND day BETWEEN :first AND :last
                                      GROUP BY day) u ON u.day = d.day
                          LEFT JOIN held_on_day h ON h.workspace_id = :workspace AND h.day = d.day
                         ORDER BY d.day
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("first", first)
                .param("last", last)
                .query(
                        (row, _) ->
                                new UsageView.Day(
                                        row.getObject("day", LocalDate.class),
                                        row.getObject("contacts", Long.class),
                                        row.getLong("mails"),
                                        row.getLong("imports"),
                                        row.getLong("requests"),
                                        row.getObject("storage", Long.class)))
                .list();
    }

    /** Writes down what the workspace has today, in the place of what was written before. */
    public void hold() {
        UsageView.Held held = Objects.requireNonNull(held());
        Instant now = clock.instant();
        jdbc.sql(
                        """
                        INSERT INTO held_on_day (workspace_id, day, contacts, storage)
                        VALUES (:workspace, :day, :contacts, :storage)
                        ON CONFLICT (workspace_id, day) DO UPDATE
                           SET contacts = excluded.contacts, storage = excluded.storage
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("day", day(now))
                .param("contacts", held.contacts())
                .param("storage", held.storageBytes())
                .update();
        jdbc.sql(
                        """
                        DELETE FROM upload_part WHERE workspace_id = :workspace AND announced_at < :before
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("before", now.minus(UPLOAD_DAYS, ChronoUnit.DAYS).atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Adds up the rows of the last days, of all workspaces. */
    void addUp(int days) {
        jdbc.sql("SELECT add_up_use(:since)")
                .param("since", day(clock.instant()).minusDays(days))
                .query((_, _) -> 1)
                .single();
    }
}

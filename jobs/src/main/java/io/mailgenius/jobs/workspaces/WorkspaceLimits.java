package io.mailgenius.jobs.workspaces;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * What the current workspace may have, and what is left of it. Whoever uses up what is left does so
 * in the transaction that has asked: others that ask wait until it ends.
 */
@Component
@Transactional
public class WorkspaceLimits {

    /** As long as so many contacts may be added, imports do not wait for each other. */
    static final long FAR = 100_000;

    private final JdbcClient jdbc;

    public WorkspaceLimits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @AutocommitRead
    public WorkspaceLimit find() {
        return jdbc.sql(
                        """
                        SELECT contacts, mails, requests, storage FROM workspace_limit
                         WHERE workspace_id = :workspace
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(
                        (row, _) ->
                                new WorkspaceLimit(
                                        row.getObject("contacts", Long.class),
                                        row.getObject("mails", Long.class),
                                        row.getObject("requests", Integer.class),
                                        row.getObject("storage", Long.class)))
                .optional()
                .orElse(WorkspaceLimit.NONE);
    }

    /**
     * Sets all four limits. What exceeds one already stays.
     *
     * @throws Refusal.Invalid if one is negative, or there are no requests a minute
     */
    public WorkspaceLimit change(WorkspaceLimit limit) {
        Integer requests = limit.requestsPerMinute();
        if (Stream.of(limit.contacts(), limit.mailsPerMonth(), limit.storageBytes())
                        .anyMatch(it -> it != null && it < 0)
                || (requests != null && requests < 1)) {
            throw new Refusal.Invalid(
                    "limit-invalid",
                    "A limit is a number from 0 on, of requests from 1 on; none for no limit.");
        }
        jdbc.sql(
                        """
                        INSERT INTO workspace_limit (workspace_id, contacts, mails, requests, storage)
                        VALUES (:workspace, :contacts, :mails, :requests, :storage)
                        ON CONFLICT (workspace_id) DO UPDATE
                           SET contacts = excluded.contacts, mails = excluded.mails,
                               requests = excluded.requests, storage = excluded.storage
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("contacts", limit.contacts())
                .param("mails", limit.mailsPerMonth())
                .param("requests", requests)
                .param("storage", limit.storageBytes())
                .update();
        return find();
    }

    /**
     * How many contacts this transaction may add; empty if there is no limit, or it is far. If it
     * is far, {@link #requireContacts} at the end finds out whether others have come near it.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public OptionalLong roomForContacts() {
        Long limit = find().contacts();
        if (limit == null || limit - contacts() >= FAR) {
            return OptionalLong.empty();
        }
        Long locked = locked("contacts");
        return locked == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, locked - contacts()));
    }

    /**
     * Call it in the transaction that adds the contacts.
     *
     * @param more that are still to be added
     * @throws Refusal.Conflict {@code contact-limit-reached}
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void requireContacts(long more) {
        Long limit = locked("contacts");
        if (limit == null) {
            return;
        }
        long present = contacts();
        if (present + more > limit) {
            throw new Refusal.Conflict(
                    "contact-limit-reached",
                    String.format(
                            Locale.ROOT,
                            "This workspace may have %,d contacts, and has %,d: delete some, or ask the operator for more.",
                            limit,
                            present));
        }
    }

    /** The reason with which an import rejects rows, for people to read. */
    @AutocommitRead
    public String contactsReason() {
        return String.format(
                Locale.ROOT, "the workspace may have %,d contacts only", find().contacts());
    }

    private long contacts() {
        return jdbc.sql(
                        """
                        SELECT coalesce(sum(contacts), 0) FROM contact_count WHERE workspace_id = :workspace
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(Long.class)
                .single();
    }

    /** How many mails may still be sent this month; empty for any number. */
    @AutocommitRead
    public OptionalLong mailsLeft(Instant now) {
        Long limit = find().mailsPerMonth();
        return limit == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, limit - mailsOfMonth(now)));
    }

    /**
     * Counts mails before they are sent. Call it in the transaction that decides that they are, so
     * that a crash leaves both or neither.
     *
     * @return why they may not be sent this month, and then nothing is counted; null if they may
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public @Nullable String takeMails(long mails, Instant now) {
        if (find().mailsPerMonth() != null) {
            Long limit = locked("mails");
            if (limit != null && mailsOfMonth(now) + mails > limit) {
                return mailsReason(limit, now);
            }
        }
        count(mails, now);
        return null;
    }

    /** Mails that were counted and not sent after all. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void giveBackMails(long mails, Instant counted) {
        if (mails > 0) {
            count(-mails, counted);
        }
    }

    /**
     * @throws Refusal.Conflict {@code mail-limit-reached} if so many may not be sent this month
     */
    @AutocommitRead
    public void requireMails(long mails, Instant now) {
        Long limit = find().mailsPerMonth();
        if (limit != null && mailsOfMonth(now) + mails > limit) {
            throw new Refusal.Conflict(
                    "mail-limit-reached",
                    String.format(
                            Locale.ROOT,
                            "%,d mails are too many. %s",
                            mails,
                            mailsReason(limit, now)));
        }
    }

    private String mailsReason(long limit, Instant now) {
        return String.format(
                Locale.ROOT,
                "The workspace may send %,d mails a month, and has sent %,d of them: it goes on next month, or when the operator permits more.",
                limit,
                mailsOfMonth(now));
    }

    private void count(long mails, Instant at) {
        jdbc.sql(
                        """
                        INSERT INTO metered_use (workspace_id, day, mails) VALUES (:workspace, :day, :mails)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("day", Usage.day(at))
                .param("mails", mails)
                .update();
    }

    private long mailsOfMonth(Instant now) {
        LocalDate first = Usage.day(now).withDayOfMonth(1);
        return jdbc.sql(
                        """
                        SELECT coalesce(sum(mails), 0) FROM metered_use
                         WHERE workspace_id = :workspace AND day >= :first AND day < :next
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("first", first)
                .param("next", first.plusMonths(1))
                .query(Long.class)
                .single();
    }

    /**
     * Call it in the transaction that stores them.
     *
     * @throws Refusal.Conflict {@code storage-limit-reached}
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void requireStorage(long bytes, Instant now) {
        Long limit = locked("storage");
        if (limit == null) {
            return;
        }
        long stored =
                jdbc.sql("SELECT stored_bytes(:now)")
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single();
        if (stored + bytes > limit) {
            throw new Refusal.Conflict(
                    "storage-limit-reached",
                    String.format(
                            Locale.ROOT,
                            "This workspace may store %,d bytes of files, and stores %,d: %,d more are too many. Uploaded files are deleted after a time; or ask the operator for more.",
                            limit,
                            stored,
                            bytes));
        }
    }

    /**
     * Statements after this one see what others have used until now.
     *
     * @param column one of table workspace_limit
     * @return null for no limit
     */
    private @Nullable Long locked(String column) {
        return jdbc.sql(
                        "SELECT "
                                + column
                                + " FROM workspace_limit WHERE workspace_id = :workspace FOR NO KEY UPDATE")
                .param("workspace", WorkspaceScope.required())
                .query((row, _) -> row.getObject(1, Long.class))
                .optional()
                .orElse(null);
    }
}

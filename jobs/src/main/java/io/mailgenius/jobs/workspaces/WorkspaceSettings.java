package io.mailgenius.jobs.workspaces;

import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The settings of the caller's workspace. */
@Component
@Transactional
public class WorkspaceSettings {

    private static final int MAX_ADDRESS = 500;

    /** The minimum number of letters and digits; no postal address is shorter. */
    private static final int LEAST = 8;

    private static final int MAX_BOUNCES = 100;
    private static final int LEAST_AUDIT_DAYS = 90;
    private static final int MOST_AUDIT_DAYS = 36_500;

    private final JdbcClient jdbc;
    private final AccessChanges changes;

    public WorkspaceSettings(JdbcClient jdbc, AccessChanges changes) {
        this.jdbc = jdbc;
        this.changes = changes;
    }

    /**
     * Null means no change.
     *
     * @param postalAddress may have several lines; blank removes it
     * @param requireSecondFactor whether people need one to work here
     * @param approvalAbove so many recipients; -1 removes it
     * @param language a BCP 47 tag
     * @param allowedOrigins replaces all; an empty list removes them
     * @param auditDays for so many days entries of the audit trail are kept; -1 for ever
     * @see WorkspaceView
     */
    public record Change(
            @Size(max = MAX_ADDRESS) @Nullable String postalAddress,
            @Nullable Boolean trackOpens,
            @Nullable Boolean trackClicks,
            @Min(1) @Max(MAX_BOUNCES) @Nullable Integer transientBounces,
            @DecimalMin(value = "0", inclusive = false) @DecimalMax("1")
                    @Nullable BigDecimal bounceLimit,
            @DecimalMin(value = "0", inclusive = false) @DecimalMax("1")
                    @Nullable BigDecimal complaintLimit,
            @Nullable String timeZone,
            @Size(min = 1, max = 200) @Pattern(regexp = TextPatterns.NOT_BLANK)
                    @Nullable String name,
            @Nullable Boolean requireSecondFactor,
            @Min(-1) @Nullable Long approvalAbove,
            @Size(min = 2, max = 35) @Nullable String language,
            @Size(max = 50) @Nullable List<String> allowedOrigins,
            @Min(-1) @Max(MOST_AUDIT_DAYS) @Nullable Integer auditDays) {

        public static final Change NOTHING = new Change(null, null, null, null, null, null);

        public Change(
                @Nullable String postalAddress,
                @Nullable Boolean trackOpens,
                @Nullable Boolean trackClicks,
                @Nullable Integer transientBounces,
                @Nullable BigDecimal bounceLimit,
                @Nullable BigDecimal complaintLimit) {
            this(
                    postalAddress,
                    trackOpens,
                    trackClicks,
                    transientBounces,
                    bounceLimit,
                    complaintLimit,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /** The same with another name. */
        public Change named(@Nullable String other) {
            return new Change(
                    postalAddress,
                    trackOpens,
                    trackClicks,
                    transientBounces,
                    bounceLimit,
                    complaintLimit,
                    timeZone,
                    other,
                    requireSecondFactor,
                    approvalAbove,
                    language,
                    allowedOrigins,
                    auditDays);
        }
    }

    @AutocommitRead
    public WorkspaceView find() {
        return jdbc.sql(
                        """
                        SELECT id, name, postal_address, tracks_opens, tracks_clicks, transient_bounces,
                               bounce_limit, complaint_limit, time_zone, created_at,
                               requires_second_factor, suspended_by, approval_above,
                               language, allowed_origins, audit_days
                          FROM workspace WHERE id = :workspace
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(
                        (row, _) ->
                                new WorkspaceView(
                                        row.getLong("id"),
                                        row.getString("name"),
                                        row.getString("postal_address"),
                                        row.getBoolean("tracks_opens"),
                                        row.getBoolean("tracks_clicks"),
                                        row.getInt("transient_bounces"),
                                        row.getBigDecimal("bounce_limit"),
                                        row.getBigDecimal("complaint_limit"),
                                        row.getString("time_zone"),
                                        row.getObject("created_at", OffsetDateTime.class)
                                                .toInstant(),
                                        row.getBoolean("requires_second_factor"),
                                        row.getString("suspended_by") != null,
                                        row.getObject("approval_above", Long.class),
                                        row.getString("language"),
                                        List.of(
                                                (String[])
                                                        row.getArray("allowed_origins").getArray()),
                                        row.getObject("audit_days", Integer.class)))
                .single();
    }

    /**
     * Launched campaigns keep the settings with which they were launched.
     *
     * @throws Refusal.Invalid if a value is invalid; nothing is changed then
     */
    public WorkspaceView change(Change change) {
        String address = change.postalAddress() == null ? null : change.postalAddress().strip();
        requireAddress(address);
        Integer bounces = change.transientBounces();
        if (bounces != null && (bounces < 1 || bounces > MAX_BOUNCES)) {
            throw new Refusal.Invalid(
                    "transient-bounces-invalid",
                    "transientBounces is a number from 1 to %d.".formatted(MAX_BOUNCES));
        }
        requireShare("bounceLimit", change.bounceLimit());
        requireShare("complaintLimit", change.complaintLimit());
        requireZone(change.timeZone());
        Long approvalAbove = change.approvalAbove();
        if (approvalAbove != null && approvalAbove < -1) {
            throw new Refusal.Invalid(
                    "approval-above-invalid",
                    "approvalAbove is a number of recipients from 0 on, or -1 for no approval.");
        }
        String name = change.name() == null ? null : Workspaces.requireName(change.name());
        List<String> origins =
                change.allowedOrigins() == null
                        ? null
                        : AllowedOrigins.checked(change.allowedOrigins());
        requireAuditDays(change.auditDays());
        jdbc.sql(
                        """
                        UPDATE workspace
                           SET postal_address = CASE WHEN :address::text IS NULL THEN postal_address
                                                     ELSE nullif(:address::text, '') END,
                               tracks_opens = coalesce(:opens::boolean, tracks_opens),
                               tracks_clicks = coalesce(:clicks::boolean, tracks_clicks),
                               transient_bounces = coalesce(:bounces::int, transient_bounces),
                               bounce_limit = coalesce(:bounceLimit::numeric, bounce_limit),
                               complaint_limit = coalesce(:complaintLimit::numeric, complaint_limit),
                               time_zone = coalesce(:zone::text, time_zone),
                               name = coalesce(:name::text, name),
                               requires_second_factor =
                                   coalesce(:secondFactor::boolean, requires_second_factor),
                               approval_above = CASE WHEN :approval::bigint IS NULL THEN approval_above
                                                     ELSE nullif(:approval::bigint, -1) END,
                               language = coalesce(:language::text, language),
                               allowed_origins = coalesce(:origins::text[], allowed_origins),
                               audit_days = CASE WHEN :auditDays::int IS NULL THEN audit_days
                                                 ELSE nullif(:auditDays::int, -1) END
                         WHERE id = :workspace
                        """)
                .param("address", address)
                .param("opens", change.trackOpens())
                .param("clicks", change.trackClicks())
                .param("bounces", bounces)
                .param("bounceLimit", change.bounceLimit())
                .param("complaintLimit", change.complaintLimit())
                .param("zone", change.timeZone())
                .param("name", name)
                .param("secondFactor", change.requireSecondFactor())
                .param("approval", approvalAbove)
                .param("language", language(change.language()))
                .param("origins", origins == null ? null : origins.toArray(String[]::new))
                .param("auditDays", change.auditDays())
                .param("workspace", WorkspaceScope.required())
                .update();
        if (change.requireSecondFactor() != null) {
            changes.changed();
        }
        return find();
    }

    /** Nothing is written or sent until somebody resumes it; chunks stay where they are. */
    public WorkspaceView suspend(boolean byOperator) {
        jdbc.sql(
                        """
                        UPDATE workspace SET suspended_by = :by, suspended_at = coalesce(suspended_at, now())
                         WHERE id = :workspace AND suspended_by IS DISTINCT FROM 'OPERATOR'
                        """)
                .param("by", byOperator ? "OPERATOR" : "OWNER")
                .param("workspace", WorkspaceScope.required())
                .update();
        changes.changed();
        return find();
    }

    /**
     * @throws Refusal.Conflict if an operator has suspended it and another resumes it
     */
    public WorkspaceView resume(boolean byOperator) {
        int resumed =
                jdbc.sql(
                                """
                                UPDATE workspace SET suspended_by = NULL, suspended_at = NULL
                                 WHERE id = :workspace AND deleting_at IS NULL
                                   AND (:operator OR suspended_by IS DISTINCT FROM 'OPERATOR')
                                """)
                        .param("operator", byOperator)
                        .param("workspace", WorkspaceScope.required())
                        .update();
        if (resumed == 0) {
            throw new Refusal.Conflict(
                    "suspended-by-operator",
                    byOperator
                            ? "The workspace is being deleted."
                            : "The operator of this installation has suspended the workspace, or it is being deleted: ask there.");
        }
        changes.changed();
        return find();
    }

    private static void requireAddress(@Nullable String address) {
        if (address != null
                && !address.isEmpty()
                && (address.length() > MAX_ADDRESS
                        || address.indexOf('\0') >= 0
                        || address.chars().filter(Character::isLetterOrDigit).count() < LEAST)) {
            throw new Refusal.Invalid(
                    "postal-address-invalid",
                    "A postal address has %d letters and digits at least, and %d characters at most."
                            .formatted(LEAST, MAX_ADDRESS));
        }
    }

    /** Java and PostgreSQL must both know the time zone, because both compute days in it. */
    private void requireZone(@Nullable String zone) {
        if (zone != null
                && (!ZoneId.getAvailableZoneIds().contains(zone)
                        || !jdbc.sql(
                                        "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = :zone)")
                                .param("zone", zone)
                                .query(Boolean.class)
                                .single())) {
            throw new Refusal.Invalid(
                    "zone-unknown",
                    "There is no time zone \"%s\". Name one of the IANA's, such as Europe/Berlin."
                            .formatted(zone));
        }
    }

    private static void requireAuditDays(@Nullable Integer days) {
        if (days != null && days != -1 && (days < LEAST_AUDIT_DAYS || days > MOST_AUDIT_DAYS)) {
            throw new Refusal.Invalid(
                    "audit-days-invalid",
                    "auditDays is a number of days from %d to %d, or -1 for ever."
                            .formatted(LEAST_AUDIT_DAYS, MOST_AUDIT_DAYS));
        }
    }

    private static @Nullable String language(@Nullable String tag) {
        if (tag == null) {
            return null;
        }
        try {
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException unreadable) {
            throw new Refusal.Invalid(
                    "language-invalid", "language is a tag such as en, pt-BR or zh-Hans (BCP 47).");
        }
    }

    private static void requireShare(String name, @Nullable BigDecimal share) {
        if (share != null && (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0)) {
            throw new Refusal.Invalid(
                    "share-invalid", name + " is a share above 0 and up to 1, such as 0.05.");
        }
    }
}

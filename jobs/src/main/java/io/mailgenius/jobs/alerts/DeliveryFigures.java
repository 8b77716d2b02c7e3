package io.mailgenius.jobs.alerts;

import io.mailgenius.engine.alerts.AlertFigure;
import io.mailgenius.engine.alerts.AlertKind;
import io.mailgenius.engine.alerts.AlertKind.Unit;
import io.mailgenius.engine.alerts.AlertSource;
import io.mailgenius.engine.database.ControlDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The figures of mails, by workspace: what bounced, what was sent, what was not heard. */
@Component
final class DeliveryFigures implements AlertSource {

    static final String BOUNCE_RATE = "BOUNCE_RATE";
    static final String COMPLAINT_RATE = "COMPLAINT_RATE";
    static final String MAILS_TODAY = "MAILS_TODAY";
    static final String MAILS_THIS_MONTH = "MAILS_THIS_MONTH";
    static final String WEBHOOK_SILENCE = "WEBHOOK_SILENCE";

    /** Of fewer mails, or fewer complaints, a share says nothing. */
    private static final long MAILS = 200;

    private static final long COMPLAINTS = 5;

    private static final String ALL = "all mails";

    private final JdbcClient jdbc;

    DeliveryFigures(ControlDatabase control) {
        this.jdbc = control.jdbc();
    }

    @Override
    public List<AlertKind> kinds() {
        return List.of(
                new AlertKind(
                        BOUNCE_RATE,
                        Unit.SHARE,
                        0.05,
                        Duration.ZERO,
                        false,
                        "This share of the mails of the last 24 hours bounced, of 200 at least."),
                new AlertKind(
                        COMPLAINT_RATE,
                        Unit.SHARE,
                        0.003,
                        Duration.ZERO,
                        false,
                        "This share of the mails of the last 24 hours was complained about: five complaints at least, of 200 mails at least."),
                new AlertKind(
                        MAILS_TODAY,
                        Unit.COUNT,
                        90,
                        Duration.ZERO,
                        false,
                        "So many mails were sent since midnight UTC; set it below the account's quota of a day."),
                new AlertKind(
                        MAILS_THIS_MONTH,
                        Unit.COUNT,
                        2_700,
                        Duration.ZERO,
                        false,
                        "So many mails were sent this month (UTC); set it below the account's quota of a month."),
                new AlertKind(
                        WEBHOOK_SILENCE,
                        Unit.SECONDS,
                        1_800,
                        Duration.ZERO,
                        false,
                        "Mails of a campaign were sent, and for this long the provider has reported nothing about any of them."));
    }

    private record Counts(
            long workspaceId,
            long delivered,
            long bounced,
            long complained,
            long today,
            long month) {}

    @Override
    public List<AlertFigure> figures(Watched watched, Instant now) {
        List<AlertFigure> figures = new ArrayList<>();
        Set<Long> counted =
                watched.workspaces(BOUNCE_RATE, COMPLAINT_RATE, MAILS_TODAY, MAILS_THIS_MONTH);
        if (!counted.isEmpty()) {
            counts(counted, now).forEach(counts -> add(figures, counts));
        }
        if (watched.has(WEBHOOK_SILENCE)) {
            figures.addAll(silent(watched.workspaces(WEBHOOK_SILENCE), now));
        }
        return figures;
    }

    private List<Counts> counts(Set<Long> workspaces, Instant now) {
        return jdbc.sql("SELECT * FROM delivery_figures(:workspaces, :now)")
                .param("workspaces", workspaces.toArray(Long[]::new))
                .param("now", at(now))
                .query(
                        (row, _) ->
                                new Counts(
                                        row.getLong("workspace_id"),
                                        row.getLong("delivered"),
                                        row.getLong("bounced"),
                                        row.getLong("complained"),
                                        row.getLong("sent_today"),
                                        row.getLong("sent_this_month")))
                .list();
    }

    private static void add(List<AlertFigure> figures, Counts counts) {
        long workspace = counts.workspaceId();
        long arrived = counts.delivered() + counts.bounced();
        if (arrived >= MAILS) {
            double rate = (double) counts.bounced() / arrived;
            figures.add(
                    new AlertFigure(
                            BOUNCE_RATE,
                            workspace,
                            ALL,
                            rate,
                            format(
                                    "%.1f %% of the mails of the last 24 hours bounced (%d of %d).",
                                    100 * rate, counts.bounced(), arrived)));
        }
        if (counts.delivered() >= MAILS && counts.complained() >= COMPLAINTS) {
            double rate = (double) counts.complained() / counts.delivered();
            figures.add(
                    new AlertFigure(
                            COMPLAINT_RATE,
                            workspace,
                            ALL,
                            rate,
                            format(
                                    "%.2f %% of the mails of the last 24 hours were complained about (%d of %d).",
                                    100 * rate, counts.complained(), counts.delivered())));
        }
        figures.add(
                new AlertFigure(
                        MAILS_TODAY,
                        workspace,
                        ALL,
                        counts.today(),
                        format("%d mails were sent since midnight UTC.", counts.today())));
        figures.add(
                new AlertFigure(
                        MAILS_THIS_MONTH,
                        workspace,
                        ALL,
                        counts.month(),
                        format("%d mails were sent this month.", counts.month())));
    }

    private List<AlertFigure> silent(Set<Long> workspaces, Instant now) {
        return jdbc.sql("SELECT * FROM silent_campaigns(:workspaces, :now)")
                .param("workspaces", workspaces.toArray(Long[]::new))
                .param("now", at(now))
                .query(
                        (row, _) -> {
                            Instant since =
                                    row.getObject("since", OffsetDateTime.class).toInstant();
                            double seconds =
                                    Math.max(0, Duration.between(since, now).toMillis() / 1_000.0);
                            long campaign = row.getLong("campaign_id");
                            return new AlertFigure(
                                    WEBHOOK_SILENCE,
                                    row.getLong("workspace_id"),
                                    "campaign " + campaign,
                                    seconds,
                                    format(
                                            "Nothing was heard about the mails of campaign %d for %.0f s: check the provider's webhook.",
                                            campaign, seconds));
                        })
                .list();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}

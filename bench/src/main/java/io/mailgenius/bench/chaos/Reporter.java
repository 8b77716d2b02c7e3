package io.mailgenius.bench.chaos;

import io.mailgenius.bench.chaos.FaultKind.Target;
import io.mailgenius.bench.provider.FailingProvider;
import io.mailgenius.bench.verify.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds the figures and the table. */
final class Reporter {

    private final Order order;
    private final Instant begun;
    private final List<Incident> incidents;
    private final List<Path> logs;

    Reporter(Order order, Instant begun, List<Incident> incidents, List<Member> members) {
        this.order = order;
        this.begun = begun;
        this.incidents = incidents;
        this.logs = members.stream().map(Member::log).toList();
    }

    Report report(
            Verdict verdict,
            List<ChaosMailing.Counts> counts,
            FailingProvider provider,
            Injector injector,
            double seconds,
            Map<String, Object> life,
            List<String> complaints)
            throws IOException {
        Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
        incidents.forEach(it -> faults.merge(it.kind(), 1, Integer::sum));
        StringBuilder table = new StringBuilder(faultTable());
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", order.seed());
        figures.put("mails", order.mails());
        figures.put("seconds", seconds);
        figures.put("faults", new TreeMap<>(faults));
        figures.put(
                "killsPausesAndContinues",
                incidents.stream().mapToInt(it -> it.kind().signals()).sum());
        figures.put("faultsNotDone", injector.notDone());
        figures.put("startsThatFailed", injector.startsThatFailed());
        figures.put("missing", verdict.missing().size());
        figures.put("doubled", verdict.doubled().size());
        figures.put("strangers", verdict.strangers().size());
        figures.put("provider", verdict.accepted());
        figures.put("sendRows", verdict.recordedSent());
        figures.put("ledger", verdict.ledgerSent());
        figures.put("campaign", counts.stream().mapToLong(ChaosMailing.Counts::sent).sum());
        figures.putAll(life);
        recovery(figures, "Worker", Target.WORKER);
        recovery(figures, "Manager", Target.MANAGER);
        summary(figures, table);
        figures.put("providerAnswers", new TreeMap<>(provider.drawn()));
        figures.put("batchesRepeated", provider.repeated());
        figures.put("stackTraceLines", outages(table));
        figures.put("complaints", complaints);
        return new Report(faults, verdict, complaints, figures, table.toString());
    }

    private String faultTable() {
        StringBuilder table =
                new StringBuilder(
                        """
                        in seconds: how long it lasted (until the node went on or was replaced, or the store was back),
                        and from the fault until the work was in somebody's hand, its first chunk done, all of it done
                            at  fault                                   whom           lasted   taken   first     all
                        """);
        for (Incident it : incidents) {
            table.append(
                    String.format(
                            Locale.ROOT,
                            "%6.1f  %-38s  %-12s  %7s %7s %7s %7s%s%n",
                            Duration.between(begun, it.at()).toMillis() / 1000.0,
                            it.kind().words(),
                            it.whom(),
                            shown(it.lastedSeconds()),
                            shown(it.takenSeconds()),
                            shown(it.firstSeconds()),
                            shown(it.allSeconds()),
                            disturbed(it) ? "  another fault meanwhile" : ""));
        }
        return table.toString();
    }

    private static String shown(@Nullable Double seconds) {
        return seconds == null ? "" : String.format(Locale.ROOT, "%.1f", seconds);
    }

    private boolean disturbed(Incident incident) {
        return incident.firstSeconds() != null
                && incidents.stream().anyMatch(incident::disturbedBy);
    }

    private void recovery(Map<String, Object> figures, String whose, Target target) {
        List<Incident> those =
                incidents.stream().filter(it -> it.kind().target() == target).toList();
        figures.put("maxTaken" + whose + "Seconds", max(those, Incident::takenSeconds));
        figures.put("maxRecovery" + whose + "Seconds", max(those, Incident::firstSeconds));
    }

    private void summary(Map<String, Object> figures, StringBuilder table) {
        List<Incident> alone = incidents.stream().filter(it -> !disturbed(it)).toList();
        figures.put("maxRecoverySeconds", max(incidents, Incident::firstSeconds));
        figures.put("maxRecoverySecondsUndisturbed", max(alone, Incident::firstSeconds));
        figures.put("medianRecoverySeconds", median(incidents));
        table.append(
                "%nrecovery: median %s s, at most %s s, %s s where no other fault came in between%n%n"
                        .formatted(
                                figures.get("medianRecoverySeconds"),
                                figures.get("maxRecoverySeconds"),
                                figures.get("maxRecoverySecondsUndisturbed")));
    }

    private static double max(List<Incident> those, Function<Incident, @Nullable Double> of) {
        return those.stream()
                .map(of)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    private static double median(List<Incident> those) {
        List<Double> sorted = new ArrayList<>();
        for (Incident it : those) {
            Double seconds = it.firstSeconds();
            if (seconds != null) {
                sorted.add(seconds);
            }
        }
        sorted.sort(null);
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    /** What nodes logged during outages of stores. */
    private Map<String, Long> outages(StringBuilder table) throws IOException {
        Map<String, Long> traces = new LinkedHashMap<>();
        Noise whole = Noise.between(Instant.MIN, Instant.MAX.minusSeconds(60), logs);
        for (Incident it : incidents) {
            Instant over = it.over();
            if (it.kind().target() != Target.STORE || over == null) {
                continue;
            }
            Noise noise = Noise.between(it.at(), over, logs);
            traces.merge(it.kind().name(), noise.traces(), Long::sum);
            told(
                    table,
                    String.format(
                            Locale.ROOT,
                            "%s at %.1f s",
                            it.kind().words(),
                            Duration.between(begun, it.at()).toMillis() / 1000.0),
                    noise);
        }
        told(table, "The whole run", whole);
        traces.put("WHOLE_RUN", whole.traces());
        return traces;
    }

    private static void told(StringBuilder table, String when, Noise noise) {
        table.append(
                String.format(
                        Locale.ROOT,
                        "%s: %d lines of trouble and %d of stack traces in the nodes' logs%n",
                        when,
                        noise.lines(),
                        noise.traces()));
        noise.loudest()
                .forEach(
                        it ->
                                table.append(
                                        String.format(
                                                Locale.ROOT,
                                                "  %5d × %s%n",
                                                it.getValue(),
                                                it.getKey())));
    }
}

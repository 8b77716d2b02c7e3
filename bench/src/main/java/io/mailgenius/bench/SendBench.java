package io.mailgenius.bench;

import static io.mailgenius.bench.ImportBench.rounded;

import io.mailgenius.bench.load.BenchWorkspace;
import io.mailgenius.bench.load.CountingProvider;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench send}. */
final class SendBench {

    private static final int CALLERS = 4;
    private static final long FLOOR_MAILS = 1_000_000;

    /**
     * Mails sent before sizes are compared; otherwise the first size would measure the compiler.
     */
    private static final long WARM = 2_000_000;

    /**
     * A campaign of a few seconds is noisy, so each size sends at least this many mails at its
     * turn.
     */
    private static final long TURN = 500_000;

    private static final String HTML =
            """
            <h1>Hello {{ contact.first_name | default: "there" }}</h1>
            <p>Your {{ contact.attributes.plan | upcase }} plan has something new for {{ contact.city }}.
            {% if contact.country == "BR" %}Boas novas!{% endif %}</p>
            <p>Everything that you have read about it here is true, and everything that is left out is not worth
            reading. This paragraph makes the mail about as long as mails are, and says nothing else.</p>
            <p><a href="https://example.com/news">Have a look</a></p>
            <p><small>Sent to {{ contact.email }}. <a href="{{ unsubscribe_url }}">Unsubscribe</a></small></p>
            """;

    private static final String TEXT =
            "Hello {{ contact.first_name }}, there is news: https://example.com/news\n{{ unsubscribe_url }}\n";

    private final EmbeddedNode embeddedNode;
    private final CountingProvider provider;

    private SendBench(EmbeddedNode embeddedNode, CountingProvider provider) {
        this.embeddedNode = embeddedNode;
        this.provider = provider;
    }

    /**
     * @param until if larger than the recipients, campaigns of ten times the previous size follow,
     *     up to this size
     */
    static int run(long recipients, long until, Map<String, String> variables) throws Exception {
        try (CountingProvider provider = CountingProvider.start();
                EmbeddedNode embeddedNode =
                        EmbeddedNode.start(
                                variables,
                                Map.of(
                                        "MAILGENIUS_PROVIDER", "resend",
                                        "RESEND_API_KEY", "re_bench",
                                        "MAILGENIUS_RESEND_BASE_URL", provider.url().toString(),
                                        "MAILGENIUS_REQUIRE_POSTAL_ADDRESS", "false",
                                        "MAILGENIUS_RESEND_RATE", "0"))) {
            SendBench bench = new SendBench(embeddedNode, provider);
            System.out.println("send                    seconds   mails/s");
            Map<String, Object> figures =
                    until > recipients ? bench.grown(recipients, until) : bench.one(recipients);
            System.out.println();
            System.out.println(JsonMapper.shared().writeValueAsString(figures));
            System.out.flush();
        }
        return 0;
    }

    /** As on a node that was just started. */
    private Map<String, Object> one(long recipients) throws Exception {
        embeddedNode.imported(rows("contacts.csv", recipients));
        Sent sent = measured(embeddedNode.workspace());
        sent.print();
        Map<String, Object> figures = sent.figures();
        double floor = floor();
        figures.put("httpOnlyMailsPerSecond", Math.round(FLOOR_MAILS / floor));
        figures.put("ratio", rounded(FLOOR_MAILS / floor / sent.mailsPerSecond()));
        return figures;
    }

    /** Each size has a workspace of its own; all are created before the first mail. */
    private Map<String, Object> grown(long recipients, long until) throws Exception {
        NavigableMap<Long, Long> workspaces = new TreeMap<>();
        for (long size = recipients; size < until; size *= 10) {
            workspaces.put(size, BenchWorkspace.make(embeddedNode.owner()));
        }
        workspaces.put(until, embeddedNode.workspace());
        for (Map.Entry<Long, Long> size : workspaces.entrySet()) {
            embeddedNode.imported(size.getValue(), rows(size.getKey() + ".csv", size.getKey()));
        }
        for (long mails = 0; mails < WARM; ) {
            mails += measured(workspaces.firstEntry().getValue()).mails();
        }
        NavigableMap<Long, Sent> sent = new TreeMap<>();
        for (Map.Entry<Long, Long> turn : turns(workspaces)) {
            for (long mails = 0; mails < Math.min(TURN, until); mails += turn.getKey()) {
                Sent more = measured(turn.getValue());
                more.print();
                sent.merge(turn.getKey(), more, Sent::and);
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("sizes", sent.values().stream().map(Sent::figures).toList());
        figures.put("fastestToSlowest", rounded(fastestToSlowest(sent.values())));
        figures.put("httpOnlyMailsPerSecond", Math.round(FLOOR_MAILS / floor()));
        return figures;
    }

    /**
     * The order of the measurements: the largest size twice, and the others before, between and
     * after them in both directions, so that a change in the machine's speed affects all sizes.
     */
    private static List<Map.Entry<Long, Long>> turns(NavigableMap<Long, Long> sizes) {
        Map.Entry<Long, Long> largest = sizes.lastEntry();
        List<Map.Entry<Long, Long>> others =
                List.copyOf(sizes.headMap(largest.getKey(), false).entrySet());
        List<Map.Entry<Long, Long>> turns = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            turns.addAll(others);
            turns.addAll(others.reversed());
            if (part < 2) {
                turns.add(largest);
            }
        }
        return turns;
    }

    private static double fastestToSlowest(Collection<Sent> sizes) {
        LongSummaryStatistics rates =
                sizes.stream().mapToLong(Sent::mailsPerSecond).summaryStatistics();
        return (double) rates.getMax() / rates.getMin();
    }

    /** One in fifty rows of the sample is a duplicate or a reject. */
    private Path rows(String file, long contacts) throws IOException {
        return embeddedNode.contacts(file, contacts + contacts / 49);
    }

    /**
     * Campaigns that were sent.
     *
     * @param seconds from the request to the end that the campaign reports
     */
    private record Sent(int campaigns, long mails, double seconds, double cpu, long peak) {

        Sent and(Sent other) {
            return new Sent(
                    campaigns + other.campaigns,
                    mails + other.mails,
                    seconds + other.seconds,
                    cpu + other.cpu,
                    Math.max(peak, other.peak));
        }

        long mailsPerSecond() {
            return Math.round(mails / seconds);
        }

        void print() {
            line(String.format(Locale.ROOT, "to %,d", mails), seconds, mails);
        }

        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            if (campaigns > 1) {
                figures.put("campaigns", campaigns);
            }
            figures.put("recipients", mails / campaigns);
            figures.put("seconds", rounded(seconds));
            figures.put("mailsPerSecond", mailsPerSecond());
            figures.put("cpuSecondsOfNode", rounded(cpu));
            figures.put("peakMegabytesOfNode", peak);
            return figures;
        }
    }

    private Sent measured(long workspace) throws Exception {
        long before = provider.mails();
        double cpu = ProcessUsage.cpuSeconds();
        Instant begin = Instant.now();
        CampaignView sent = WorkspaceScope.call(workspace, this::sent);
        Instant end = Objects.requireNonNull(sent.finishedAt());
        double cpuOfSend = ProcessUsage.cpuSeconds() - cpu;
        long mails = provider.mails() - before;
        if (mails != sent.counts().sent() || mails != sent.counts().recipients()) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The provider counted %d mails, the ledger %s",
                            mails,
                            sent.counts()));
        }
        double seconds = Duration.between(begin, end).toNanos() / 1e9;
        return new Sent(1, mails, seconds, cpuOfSend, ProcessUsage.peakMegabytes());
    }

    /** The seconds that HTTP alone takes for the same bodies. */
    private double floor() throws Exception {
        double seconds = rounded(provider.floor(FLOOR_MAILS / 100, CALLERS).toNanos() / 1e9);
        line(String.format(Locale.ROOT, "HTTP alone, %,d", FLOOR_MAILS), seconds, FLOOR_MAILS);
        return seconds;
    }

    private static void line(String what, double seconds, long mails) {
        System.out.printf(
                Locale.ROOT, "  %-20s %9.2f  %,9d%n", what, seconds, Math.round(mails / seconds));
    }

    private CampaignView sent() throws InterruptedException {
        Campaigns campaigns = embeddedNode.node().bean(Campaigns.class);
        CampaignDrafts drafts = embeddedNode.node().bean(CampaignDrafts.class);
        CampaignLifecycle lifecycle = embeddedNode.node().bean(CampaignLifecycle.class);
        CampaignDraft draft =
                new CampaignDraft(
                        "Benchmark",
                        "News for {{ contact.first_name }}",
                        "MailGenius <news@example.com>",
                        null,
                        null,
                        null,
                        HTML,
                        TEXT,
                        Audience.EVERYBODY);
        long id = lifecycle.send(drafts.create(draft).id()).id();
        // A query while mails are sent would add up the ledger at the cost of the measurement.
        long[] before = {-1};
        EmbeddedNode.await(
                () -> {
                    boolean stands = before[0] == provider.mails();
                    before[0] = provider.mails();
                    return stands && hasEnded(campaigns.find(id));
                });
        CampaignView ended = campaigns.find(id);
        if (ended.status() != CampaignStatus.SENT) {
            throw new IllegalStateException(
                    "The campaign is " + ended.status() + ": " + ended.problem());
        }
        return ended;
    }

    private static boolean hasEnded(CampaignView campaign) {
        return switch (campaign.status()) {
            case SENDING -> false;
            case DRAFT, SCHEDULED, PAUSED, SENT, CANCELLED, FAILED -> true;
        };
    }
}

package io.mailgenius.api.bench;

import static io.mailgenius.api.bench.ImportBench.rounded;

import io.mailgenius.jobs.bench.CountingProvider;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Campaigns;
import io.mailgenius.schema.CampaignStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench send}. */
final class SendBench {

    private static final int CALLERS = 4;
    private static final long FLOOR_MAILS = 1_000_000;

    /** So many go out before a comparison of sizes, or the first one would be of the compiler. */
    private static final long WARM = 500_000;

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

    private SendBench() {}

    /**
     * @param until if more than the recipients, campaigns go to ten times as many each until they
     *     go to this many; some to the fewest have warmed the node by then, and are not counted
     */
    static int run(long recipients, long until, Map<String, String> variables) throws Exception {
        boolean grows = until > recipients;
        try (CountingProvider provider = CountingProvider.start();
                Rig rig =
                        Rig.start(
                                variables,
                                Map.of(
                                        "MAILGENIUS_PROVIDER", "resend",
                                        "RESEND_API_KEY", "re_bench",
                                        "MAILGENIUS_RESEND_BASE_URL", provider.url().toString(),
                                        "MAILGENIUS_REQUIRE_POSTAL_ADDRESS", "false",
                                        "MAILGENIUS_RESEND_RATE", "0"))) {
            System.out.println("send                    seconds   mails/s");
            Map<String, Object> figures = new LinkedHashMap<>();
            List<Map<String, Object>> steps = new ArrayList<>();
            for (long size = recipients; ; size = Math.min(until, size * 10)) {
                imported(rig, size);
                for (long mails = 0; grows && steps.isEmpty() && mails < WARM; mails += size) {
                    sent(rig, provider);
                }
                Map<String, Object> step = measured(rig, provider);
                steps.add(step);
                if (!grows || size == until) {
                    break;
                }
            }
            if (grows) {
                figures.put("steps", steps);
            } else {
                figures.putAll(steps.getFirst());
            }
            figures.putAll(floor(provider, figures));
            System.out.println();
            System.out.println(JsonMapper.shared().writeValueAsString(figures));
            System.out.flush();
        }
        return 0;
    }

    private static void imported(Rig rig, long contacts) throws Exception {
        // One in fifty rows of the sample is repeated or refused.
        rig.imported(rig.contacts("contacts.csv", contacts + contacts / 49));
    }

    private static Map<String, Object> measured(Rig rig, CountingProvider provider)
            throws Exception {
        long before = provider.mails();
        double cpu = Usage.cpuSeconds();
        long begin = System.nanoTime();
        CampaignView sent = sent(rig, provider);
        double seconds = rounded((System.nanoTime() - begin) / 1e9);
        double cpuOfSend = Usage.cpuSeconds() - cpu;
        long mails = provider.mails() - before;
        if (mails != sent.counts().sent() || mails != sent.counts().recipients()) {
            throw new IllegalStateException(
                    "The provider counted %d mails, the ledger %s".formatted(mails, sent.counts()));
        }
        line("to %,d".formatted(mails), seconds, mails);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("recipients", mails);
        figures.put("seconds", seconds);
        figures.put("mailsPerSecond", Math.round(mails / seconds));
        figures.put("cpuSecondsOfNode", rounded(cpuOfSend));
        figures.put("peakMegabytesOfNode", Usage.peakMegabytes());
        return figures;
    }

    /** What HTTP alone costs, of the same bodies. */
    private static Map<String, Object> floor(CountingProvider provider, Map<String, Object> figures)
            throws Exception {
        long mails = FLOOR_MAILS;
        double floor = rounded(provider.floor(mails / 100, CALLERS).toNanos() / 1e9);
        line("HTTP alone, %,d".formatted(mails), floor, mails);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("httpOnlyMailsPerSecond", Math.round(mails / floor));
        if (figures.get("mailsPerSecond") instanceof Long rate) {
            more.put("ratio", rounded(mails / floor / rate));
        }
        return more;
    }

    private static void line(String what, double seconds, long mails) {
        System.out.printf(
                Locale.ROOT, "  %-20s %9.2f  %,9d%n", what, seconds, Math.round(mails / seconds));
    }

    private static CampaignView sent(Rig rig, CountingProvider provider)
            throws InterruptedException {
        Campaigns campaigns = rig.node().bean(Campaigns.class);
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
        long id = rig.inWorkspace(() -> campaigns.send(campaigns.create(draft).id())).id();
        // Asked while mails come in, it would add up its ledger beside those who are measured.
        long[] before = {-1};
        Rig.await(
                () -> {
                    boolean stands = before[0] == provider.mails();
                    before[0] = provider.mails();
                    return stands && hasEnded(rig.inWorkspace(() -> campaigns.find(id)));
                });
        CampaignView ended = rig.inWorkspace(() -> campaigns.find(id));
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

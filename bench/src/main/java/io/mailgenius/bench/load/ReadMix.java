package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Reads of programs and of the console's pages, each kind as often as the others, with values that
 * differ. A request is computed from its number, so that its kind is known afterwards.
 */
public final class ReadMix implements NumberedRequests {

    private static final int OK = 200;
    private static final int TOO_MANY = 429;

    private final ApiCredentials credentials;
    private final List<Read> reads;
    private final AtomicLong refused = new AtomicLong();

    /** How a request is authenticated. */
    public enum Credential {
        SESSION,
        KEY,
        TOKEN
    }

    private record Read(
            String name, Credential credential, Function<SplittableRandom, String> path) {}

    /**
     * What there is to be read.
     *
     * @param first the lowest id of a contact
     * @param last the highest one
     * @param people the number of contacts
     */
    public record Subjects(
            long first, long last, long people, long campaign, long segment, long job) {}

    public ReadMix(ApiCredentials credentials, Subjects subjects) {
        this.credentials = credentials;
        this.reads = reads(subjects);
    }

    private static List<Read> reads(Subjects it) {
        List<Read> reads = new ArrayList<>();
        for (Credential program : new Credential[] {Credential.KEY, Credential.TOKEN}) {
            add(
                    reads,
                    program,
                    "contactList",
                    random ->
                            "/api/v1/contacts?limit=50&after="
                                    + random.nextLong(it.first, it.last));
            add(
                    reads,
                    program,
                    "contactByAddress",
                    random -> "/api/v1/contacts?email=person." + (1 + random.nextLong(it.people)));
            add(
                    reads,
                    program,
                    "contactSearch",
                    random -> {
                        String end = 1 + random.nextLong(it.people) + "@";
                        return "/api/v1/contacts?search=" + end.substring(end.length() > 2 ? 1 : 0);
                    });
            add(
                    reads,
                    program,
                    "contact",
                    random -> "/api/v1/contacts/" + random.nextLong(it.first, it.last + 1));
            add(reads, program, "segmentList", _ -> "/api/v1/segments");
            add(reads, program, "segment", _ -> "/api/v1/segments/" + it.segment);
            add(reads, program, "campaignList", _ -> "/api/v1/campaigns");
            add(reads, program, "campaign", _ -> "/api/v1/campaigns/" + it.campaign);
            add(reads, program, "jobList", _ -> "/api/v1/jobs");
            add(reads, program, "job", _ -> "/api/v1/jobs/" + it.job);
            add(reads, program, "report", _ -> "/api/v1/analytics/campaigns/" + it.campaign);
            add(reads, program, "overview", _ -> "/api/v1/analytics/overview");
        }
        // As many of sessions as of either kind of program.
        for (int times = 0; times < 3; times++) {
            add(reads, Credential.SESSION, "campaignsPage", _ -> "/campaigns");
            add(reads, Credential.SESSION, "campaignPage", _ -> "/campaigns/" + it.campaign);
            add(reads, Credential.SESSION, "jobsPage", _ -> "/jobs");
            add(reads, Credential.SESSION, "importsPage", _ -> "/imports");
        }
        return List.copyOf(reads);
    }

    private static void add(
            List<Read> reads,
            Credential credential,
            String name,
            Function<SplittableRandom, String> path) {
        reads.add(new Read(name, credential, path));
    }

    /** The names of all kinds, each once. */
    public List<String> names() {
        return reads.stream().map(Read::name).distinct().toList();
    }

    public String name(long number) {
        return read(number).name();
    }

    public Credential credential(long number) {
        return read(number).credential();
    }

    /** Responses other than 200. */
    public long refused() {
        return refused.get();
    }

    private Read read(long number) {
        return reads.get(new SplittableRandom(number).nextInt(reads.size()));
    }

    @Override
    public byte[] request(long number, String host, Instant sent) {
        SplittableRandom random = new SplittableRandom(~number);
        Read read = read(number);
        List<String> those =
                switch (read.credential()) {
                    case SESSION -> credentials.sessions();
                    case KEY -> credentials.keys();
                    case TOKEN -> credentials.tokens();
                };
        return String.format(
                        Locale.ROOT,
                        "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\nAccept: %s\r\n\r\n",
                        read.path().apply(random),
                        host,
                        those.get(random.nextInt(those.size())),
                        read.credential() == Credential.SESSION ? "text/html" : "application/json")
                .getBytes(US_ASCII);
    }

    @Override
    public boolean settles(long number, int status, String location) {
        if (status != OK) {
            refused.incrementAndGet();
        }
        return status < 500 && status != TOO_MANY;
    }
}

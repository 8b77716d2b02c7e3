package io.mailgenius.bench;

import io.mailgenius.api.OldGeneration;
import io.mailgenius.api.node.SettingRefused;
import io.mailgenius.bench.load.DispatchBench;
import io.mailgenius.schema.JvmDefaults;
import java.util.List;
import java.util.Map;

/**
 * The command {@code bench}: each benchmark prints a table, and one JSON object as its last line.
 */
public final class Bench {

    static final long MOST = 20_000_000;

    private static final int REFUSED = 2;
    private static final long USUAL = 1_000_000;
    private static final long USUAL_CHUNKS = 20_000;

    private static final String USAGE =
            """
            bench import [--rows=N]         an import of N new rows, then of the same rows again
            bench send [--recipients=N]     a campaign to N contacts, against a provider that only counts
            bench send --recipients=N --until=M
                                            campaigns to N contacts, ten times as many, and so on up to M: does
                                            the rate stay what it is?
            bench dispatch [--chunks=N]     N chunks that do nothing, on one node and on two
            bench query [--contacts=N]      what people ask of N contacts (2,000,000), a hundred of them at once
            N is %,d unless told (%,d chunks), %,d at the most; MAILGENIUS_DATA_DIR is ./data/bench unless told.

            bench chaos [--minutes=N] [--seed=S] [--mails=M]
                                            a campaign to M people (200,000) that takes N minutes (6), while
                                            nodes are killed and stopped and their stores restarted: is
                                            anybody missed or mailed twice?
            bench chaos --silent […]        only what nobody is told of: connections that are forgotten or stalled,
                                            nodes cut off, tables locked, connections taken, nonsense answered
            bench chaos --outages […]       a standby promoted, PostgreSQL's disk full, tables locked, connections
                                            taken, clocks ahead, a provider that answers nonsense or late; may be
                                            given together with --silent
            bench chaos --campaigns=C [--workspaces=W] [--mails=M] [--minutes=N] [--seed=S]
                                            the same with C campaigns to M people (4,000) each of W workspaces (10),
                                            launched at once: is any node silent for longer than a lease?
            bench chaos --redis-away=N [--seed=S] [--mails=M]
                                            the same, and all that happens is that Redis is away for N minutes
            bench chaos --rows=N [--seed=S] an import of N rows, while nodes are killed: is every row accounted
                                            for, and does the last row of each address count?
            bench chaos --pauses=N [--seed=S] [--mails=M]
                                            a campaign that is paused and resumed N times: is anybody missed or
                                            mailed twice, and how soon does a pause take effect?
            bench rate [--rate=N] [--minutes=N]
                                            three worker nodes share an account of N requests a second (5): how
                                            much of it do they use, and is it ever exceeded?
            bench webhooks [--seconds=N] [--rate=R] [--contacts=C] [--kill]
                                            R signed events a second (5,000) for N seconds (60), about C contacts
                                            (200,000): is any of them lost or counted twice? With --kill the node
                                            that takes them is killed in the middle and another started.
            bench events-in [--seconds=N] [--rate=R] [--batch=B] [--kill]
                                            other systems report R events a second (5,000), B a request (50), for N
                                            seconds (60): is any of them lost or stored twice?
            bench mails [--seconds=N] [--mails=M] [--rate=R] [--recipients=P] [--kill]
                                            M transactional mails a second (5) while a campaign to P people (300,000)
                                            uses the R requests a second (50) of the account: how long from the
                                            request to the provider, and is any lost or sent twice?
            bench webhooks-out [--webhooks=N] [--kill]
                                            N webhooks (100,000) to a fast receiver, beside as many to a slow one:
                                            how many a second, and is any lost? With --kill, here and in the two
                                            above, the node is killed in the middle and another started.
            bench tracking [--seconds=N] [--rate=R]
                                            R clicks and openings a second (500) for N seconds (60): how long does
                                            whoever clicks wait, and does each become one event?
            bench tenants [--workspaces=N] [--recipients=N] [--pool=N] [--nodes=N] [--clients=N] [--warm=N]
                          [--patience=SECONDS] [--scheduled]
                                            N workspaces (1,000) launch a campaign to N recipients (200) each, by
                                            as many clients (8) as are told; or all are scheduled for the same
                                            minute: when has the last one got its mails, and who waits for whom?
                                            The pool is of connections of a node.
            bench fairness [--rows=N] [--recipients=N] [--workspaces=N] [--alone=N] [--campaigns=N] [--of-each=N]
                           [--pool=N] [--patience=SECONDS]
                                            while one workspace imports N rows (2,000,000), another sends to N
                                            (2,000,000) and N (50) run small campaigns: how long does a campaign
                                            to 100 take, and an import of 1,000 rows, beside the same alone? And
                                            a workspace with N campaigns (500) beside one with a single one.
            bench api [--contacts=N] [--rate=R] [--seconds=N]
                                            R reads a second (1,000) with sessions, keys and tokens, of N contacts
                                            (2,000,000), for N seconds (60); then as many while strangers try to
                                            sign in as fast as they can: how long does it take, from when each
                                            was due?
            bench idle [--workspaces=N] [--seconds=N]
                                            what a node does in a minute (60 s) in which nobody wants anything: with
                                            one workspace, and with N (10,000), each with contacts and a segment
            bench hostile                   one of each request and file that would fill memory or disk, or hang a
                                            thread, to a node with 256 MB: does it stay up, and answer health
                                            within a second?
            bench rollup [--events=N]       a node counts N events (1,000,000) that came in at once
            MAILGENIUS_DATA_DIR is ./data/chaos unless told.\
            """
                    .formatted(USUAL, USUAL_CHUNKS, MOST);

    private Bench() {}

    public static void main(String[] words) throws Exception {
        JvmDefaults.fix();
        OldGeneration.collectBeforeItGrows();
        int code;
        try {
            code = run(List.of(words), System.getenv());
        } catch (SettingRefused refused) {
            System.err.println(refused.getMessage());
            code = REFUSED;
        }
        System.exit(code);
    }

    static int run(List<String> words, Map<String, String> variables) throws Exception {
        String name = words.isEmpty() ? "" : words.getFirst();
        BenchOptions options =
                new BenchOptions(words.subList(Math.min(1, words.size()), words.size()));
        try {
            return switch (name) {
                case "import" -> ImportBench.run(number(options, "--rows=", USUAL), variables);
                case "send" -> {
                    long until = options.number("--until=", 0, 0, MOST);
                    yield SendBench.run(number(options, "--recipients=", USUAL), until, variables);
                }
                case "dispatch" ->
                        DispatchBench.run(
                                EmbeddedNode.emptied(variables),
                                (int) number(options, "--chunks=", USUAL_CHUNKS));
                case "query" ->
                        QueryBench.run(number(options, "--contacts=", QueryBench.USUAL), variables);
                case "hostile" -> ChaosBench.hostile(options, variables);
                case "rate" -> ChaosBench.rate(options, variables);
                case "webhooks" -> WebhookBench.run(options, variables);
                case "events-in" -> OutsideBench.eventsIn(options, variables);
                case "mails" -> OutsideBench.mails(options, variables);
                case "webhooks-out" -> OutsideBench.webhooksOut(options, variables);
                case "tracking" -> TrackingBench.run(options, variables);
                case "api" -> ApiBench.run(options, variables);
                case "idle" -> TenantsBench.idle(options, variables);
                case "tenants" -> TenantsBench.run(options, variables);
                case "fairness" -> FairnessBench.run(options, variables);
                case "rollup" -> RollupBench.run(options, variables);
                case "chaos" -> ChaosBench.run(options, variables);
                default -> throw new IllegalArgumentException("Which benchmark?");
            };
        } catch (IllegalArgumentException complaint) {
            System.err.println(complaint.getMessage() + "\n\n" + USAGE);
            return REFUSED;
        }
    }

    private static long number(BenchOptions options, String name, long usual) {
        long number = options.number(name, usual, 1, MOST);
        options.nothingElse();
        return number;
    }
}

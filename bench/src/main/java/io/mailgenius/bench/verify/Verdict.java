package io.mailgenius.bench.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The result of the comparison.
 *
 * @param expected people who should have got the mail
 * @param accepted mails that the provider accepted
 * @param missing people who should have got one and did not
 * @param doubled people who got more than one
 * @param strangers addresses that should not have got one
 * @param recordedSent rows of {@code send} with status SENT
 * @param recordedOther rows of {@code send} with other statuses, by status
 * @param misrecorded people for whom {@code send} and the provider differ
 * @param ledgerSent the sum of the counts of DONE chunks
 * @param chunks of the job, by state
 */
public record Verdict(
        long expected,
        long accepted,
        List<String> missing,
        List<String> doubled,
        List<String> strangers,
        long recordedSent,
        Map<String, Long> recordedOther,
        List<String> misrecorded,
        long ledgerSent,
        Map<String, Long> chunks) {

    private static final int NAMED = 5;

    /** The sum over all campaigns. */
    public static Verdict sum(List<Verdict> all) {
        return new Verdict(
                all.stream().mapToLong(Verdict::expected).sum(),
                all.stream().mapToLong(Verdict::accepted).sum(),
                all.stream().flatMap(it -> it.missing().stream()).toList(),
                all.stream().flatMap(it -> it.doubled().stream()).toList(),
                all.stream().flatMap(it -> it.strangers().stream()).toList(),
                all.stream().mapToLong(Verdict::recordedSent).sum(),
                sum(all, Verdict::recordedOther),
                all.stream().flatMap(it -> it.misrecorded().stream()).toList(),
                all.stream().mapToLong(Verdict::ledgerSent).sum(),
                sum(all, Verdict::chunks));
    }

    private static Map<String, Long> sum(
            List<Verdict> all, Function<Verdict, Map<String, Long>> of) {
        Map<String, Long> sum = new TreeMap<>();
        all.forEach(it -> of.apply(it).forEach((key, count) -> sum.merge(key, count, Long::sum)));
        return sum;
    }

    /**
     * Texts about what is wrong; empty if everybody got one mail and all counts agree.
     *
     * @param recipients as reported by the campaign
     * @param sent as reported by the campaign
     */
    public List<String> complaints(long recipients, long sent) {
        List<String> complaints = new ArrayList<>();
        people(complaints, "got no mail", missing);
        people(complaints, "got more than one mail", doubled);
        people(complaints, "got a mail that was not for them", strangers);
        people(complaints, "have another row in send than mail at the provider", misrecorded);
        if (expected == 0) {
            complaints.add("Nobody was to get a mail");
        }
        for (var figure :
                Map.of(
                                "mails at the provider", accepted,
                                "rows in send that say SENT", recordedSent,
                                "sent by the ledger", ledgerSent,
                                "recipients of the campaign", recipients,
                                "sent by the campaign's counts", sent)
                        .entrySet()) {
            if (figure.getValue() != expected) {
                complaints.add(
                        String.format(
                                Locale.ROOT,
                                "%,d %s, but %,d people to be mailed",
                                figure.getValue(),
                                figure.getKey(),
                                expected));
            }
        }
        if (!recordedOther.isEmpty()) {
            complaints.add("Rows in send that do not say SENT: " + recordedOther);
        }
        if (!chunks.keySet().equals(Set.of("DONE"))) {
            complaints.add("Not all chunks are DONE: " + chunks);
        }
        return complaints;
    }

    private static void people(List<String> complaints, String what, List<String> who) {
        if (!who.isEmpty()) {
            complaints.add(
                    String.format(
                            Locale.ROOT,
                            "%,d people %s: %s%s",
                            who.size(),
                            what,
                            String.join(", ", who.subList(0, Math.min(NAMED, who.size()))),
                            who.size() > NAMED ? " …" : ""));
        }
    }
}

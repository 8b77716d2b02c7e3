package io.mailgenius.api.demo;

import io.mailgenius.api.samples.SampleContacts.Expected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The result of the demo, as the API reports it.
 *
 * @param events all events that were reported about the mails
 */
record Result(Rows rows, Counts counts, long events, Seconds seconds) {

    /** From this number of mails on, some are opened and some are clicked in the sandbox. */
    private static final long ENOUGH_FOR_ENGAGEMENT = 1_000;

    record Rows(long read, long created, long duplicate, long rejected) {}

    record Counts(
            long recipients,
            long sent,
            long failed,
            long skipped,
            long delivered,
            long opened,
            long clicked,
            long bounced) {}

    record Seconds(double imported, double segment, double send, double rollup) {}

    /** Returns a sentence per inconsistent figure. */
    List<String> wrong(Expected expected) {
        List<String> wrong = new ArrayList<>();
        equal(wrong, "rows read", rows.read(), "rows in the file", expected.rows());
        equal(wrong, "contacts imported", rows.created(), "valid addresses", expected.valid());
        equal(wrong, "duplicates", rows.duplicate(), "repeated addresses", expected.duplicate());
        equal(wrong, "rejects", rows.rejected(), "bad addresses", expected.bad());
        equal(wrong, "recipients", counts.recipients(), "contacts on pro", expected.pro());
        equal(
                wrong,
                "sent, failed and skipped",
                counts.sent() + counts.failed() + counts.skipped(),
                "recipients",
                counts.recipients());
        equal(
                wrong,
                "delivered and bounced",
                counts.delivered() + counts.bounced(),
                "sent",
                counts.sent());
        if (counts.opened() > counts.delivered() || counts.clicked() > counts.delivered()) {
            wrong.add("more were opened or clicked than delivered");
        }
        boolean many = counts.sent() >= ENOUGH_FOR_ENGAGEMENT;
        if (counts.sent() == 0 || (many && (counts.opened() == 0 || counts.clicked() == 0))) {
            wrong.add("nothing was sent, opened or clicked");
        }
        return wrong;
    }

    private static void equal(List<String> wrong, String what, long is, String of, long wanted) {
        if (is != wanted) {
            wrong.add(String.format(Locale.ROOT, "%,d %s, but %,d %s", is, what, wanted, of));
        }
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                """

                Imported    %,12d contacts   (%,d rows: %,d repeated, %,d refused)
                Segment     %,12d recipients
                Sent        %,12d            (%,d skipped, %,d failed)
                Delivered   %,12d            (%,d bounced)
                Opened      %,12d
                Clicked     %,12d
                """,
                rows.created(),
                rows.read(),
                rows.duplicate(),
                rows.rejected(),
                counts.recipients(),
                counts.sent(),
                counts.skipped(),
                counts.failed(),
                counts.delivered(),
                counts.bounced(),
                counts.opened(),
                counts.clicked());
    }

    String json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("imported", rows.created());
        object.put("recipients", counts.recipients());
        object.put("sent", counts.sent());
        object.put("delivered", counts.delivered());
        object.put("opened", counts.opened());
        object.put("clicked", counts.clicked());
        object.put("events", events);
        Map<String, Object> times = new LinkedHashMap<>();
        times.put("import", rounded(seconds.imported()));
        times.put("segment", rounded(seconds.segment()));
        times.put("send", rounded(seconds.send()));
        times.put("rollup", rounded(seconds.rollup()));
        object.put("seconds", times);
        return JsonMapper.shared().writeValueAsString(object);
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }
}

package io.mailgenius.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.events.EventType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class FigureFileTest {

    private static final Instant NINE = Instant.parse("2026-03-05T09:00:00Z");
    private static final String FORMULA = "=HYPERLINK(\"https://evil.example\")";

    @Test
    void a_series_has_a_row_for_each_point_and_a_column_for_each_figure() throws IOException {
        Series.Sums sums = new Series.Sums(Bucket.DAY, ZoneId.of("Europe/Berlin"));
        sums.add(NINE, EventType.OPENED, new Figure(5, 3));
        sums.add(NINE, EventType.MACHINE_OPENED, new Figure(2, 1));
        List<CSVRecord> rows = read(FigureFile.of(sums.series(), ZoneId.of("Europe/Berlin")));
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().toMap())
                .hasSize(1 + 2 * EventType.values().length)
                .containsEntry("start", "2026-03-05T00:00:00+01:00")
                .containsEntry("opened.events", "5")
                .containsEntry("opened.contacts", "3")
                .containsEntry("machineOpened.events", "2")
                .containsEntry("clicked.events", "0");
    }

    @Test
    void formulas_in_links_and_names_are_escaped() throws IOException {
        Breakdown breakdown =
                Breakdown.of(
                        Map.of(
                                "LINK",
                                List.of(new Breakdown.Part(FORMULA, EventType.CLICKED, 4, 2))));
        CSVRecord link = read(FigureFile.of(breakdown)).getFirst();
        assertThat(link.toMap())
                .isEqualTo(
                        Map.of(
                                "by", "links",
                                "value", "'" + FORMULA,
                                "type", "CLICKED",
                                "events", "4",
                                "contacts", "2"));
        Comparison comparison = comparison();
        assertThat(read(FigureFile.of(comparison)).getFirst().get("name")).isEqualTo("'" + FORMULA);
        assertThat(read(FigureFile.hoursOf(comparison)).getFirst().get("name"))
                .isEqualTo("'" + FORMULA);
    }

    @Test
    void a_comparison_has_a_row_for_each_campaign_and_one_for_each_of_their_hours()
            throws IOException {
        List<CSVRecord> campaigns = read(FigureFile.of(comparison()));
        assertThat(campaigns).hasSize(2);
        assertThat(campaigns.getLast().toMap())
                .containsEntry("campaignId", "2")
                .containsEntry("firstMail", "2026-03-05T09:00:00Z")
                .containsEntry("delivered.contacts", "3")
                .containsEntry("rate.open", "0.333333")
                .containsEntry("difference.delivered.contacts", "-1")
                .containsEntry("difference.rate.open", "-0.166667");
        List<CSVRecord> hours = read(FigureFile.hoursOf(comparison()));
        assertThat(hours).extracting(row -> row.get("after")).containsExactly("0", "1", "0", "1");
        assertThat(hours.get(1).toMap())
                .containsEntry("delivered.contacts", "0")
                .containsEntry("soFar.delivered.contacts", "4")
                .containsEntry("soFar.rate.open", "0.500000");
    }

    private static Comparison comparison() {
        return Comparison.of(
                true,
                List.of(counted(1, FORMULA, 4, 2), counted(2, "Plain", 3, 1)),
                NINE.plusSeconds(3_600));
    }

    private static Comparison.Counted counted(long id, String name, long delivered, long opened) {
        Series.Sums sums = new Series.Sums(Bucket.HOUR, ZoneOffset.UTC);
        sums.add(NINE, EventType.DELIVERED, new Figure(delivered, delivered));
        sums.add(NINE, EventType.OPENED, new Figure(opened, opened));
        return new Comparison.Counted(id, name, sums.series());
    }

    private static List<CSVRecord> read(FigureFile file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.writeTo(out);
        CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
        try (var parser = format.parse(new StringReader(out.toString(StandardCharsets.UTF_8)))) {
            return parser.getRecords();
        }
    }
}

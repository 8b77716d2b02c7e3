package io.mailgenius.api.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sanctionco.jmail.JMail;
import io.mailgenius.api.samples.SampleContacts.Expected;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class SampleContactsTest {

    @Test
    void the_same_seed_gives_the_same_file_and_another_seed_another() throws IOException {
        assertThat(file(500, 1)).isEqualTo(file(500, 1)).isNotEqualTo(file(500, 2));
    }

    @Test
    void the_figures_are_those_that_a_reader_of_the_file_finds() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Expected expected = new SampleContacts(20_000, 7).writeTo(out);

        Set<String> seen = new HashSet<>();
        long bad = 0;
        long duplicate = 0;
        long pro = 0;
        List<CSVRecord> rows = rows(out.toString(UTF_8));
        for (CSVRecord row : rows) {
            String email = row.get("email").toLowerCase(Locale.ROOT);
            if (!JMail.strictValidator().isValid(email)) {
                bad++;
            } else if (!seen.add(email)) {
                duplicate++;
            } else if (row.get("plan").equals("pro")) {
                pro++;
            }
        }

        assertThat(expected).isEqualTo(new Expected(rows.size(), seen.size(), duplicate, bad, pro));
        assertThat(bad).isEqualTo(200);
        assertThat(duplicate).isEqualTo(200);
        assertThat(pro).isBetween(9_000L, 10_500L);
    }

    @Test
    void a_duplicate_stays_on_the_plan_of_the_row_that_it_repeats() throws IOException {
        List<CSVRecord> rows = rows(file(200, 3));

        assertThat(rows.get(73).get("email")).isEqualToIgnoringCase(rows.get(23).get("email"));
        assertThat(rows.get(73).get("plan")).isEqualTo(rows.get(23).get("plan"));
        assertThat(rows.get(73).get("score")).isNotEqualTo(rows.get(23).get("score"));
    }

    @Test
    void it_has_what_breaks_naive_readers() throws IOException {
        assertThat(file(2_000, 5))
                .contains("\"Washington, D.C.\"", "\"Frankfurt\nam Main\"", "\"Dwayne \"\"DJ\"\"\"")
                .contains("Łódź", "Nguyễn", "İstanbul");
    }

    private static String file(long count, long seed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SampleContacts(count, seed).writeTo(out);
        return out.toString(UTF_8);
    }

    private static List<CSVRecord> rows(String csv) throws IOException {
        return CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(csv))
                .getRecords();
    }
}

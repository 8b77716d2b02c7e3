package io.mailgenius.jobs.imports.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.LaunchFixture;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.imports.OptionsOfTests;
import io.mailgenius.jobs.imports.columns.Header;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.merge.Merge;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Slices become contacts, whoever comes first, and each row is counted as one thing. */
class StagingTest {

    private static final Dialect COMMAS = new Dialect(',');

    private final LaunchFixture launchFixture = new LaunchFixture(Lists.class);
    private final DataSource dataSource = launchFixture.database.dataSource();
    private final TransactionTemplate transaction =
            new TransactionTemplate(new WorkspaceTransactionManager(dataSource));

    @AfterEach
    void close() {
        launchFixture.close();
    }

    @Test
    void the_last_row_of_an_address_counts_within_a_slice() {
        ChunkCounts counts =
                merge(1, 2, "email,city,plan", "a@example.com,Ulm,free", "A@EXAMPLE.com,Bonn,pro");

        assertThat(sum(counts)).isEqualTo(counts(1, 0, 0, 1));
        assertThat(contact("a@example.com", "city")).isEqualTo("Bonn");
        assertThat(attributes("a@example.com").path("plan").asString()).isEqualTo("pro");
    }

    @Test
    void the_last_row_of_an_address_counts_whichever_slice_is_merged_first() {
        String header = "email,city,plan";
        String earlier = "a@example.com,Ulm,free";
        String later = "a@example.com,Bonn,pro";

        ChunkCounts forth = merge(1, 2, header, earlier, "b@example.com,Köln,free");
        ChunkCounts forthToo = merge(1, 4, header, later);
        assertThat(sum(forth, forthToo)).isEqualTo(counts(2, 0, 0, 1));
        assertThat(contact("a@example.com", "city")).isEqualTo("Bonn");
        assertThat(attributes("a@example.com").path("plan").asString()).isEqualTo("pro");

        launchFixture.owner().sql("DELETE FROM contact").update();
        ChunkCounts back = merge(2, 4, header, later);
        ChunkCounts backToo = merge(2, 2, header, earlier, "b@example.com,Köln,free");
        assertThat(sum(back, backToo)).isEqualTo(counts(2, 0, 0, 1));
        assertThat(contact("a@example.com", "city")).isEqualTo("Bonn");
        assertThat(attributes("a@example.com").path("plan").asString()).isEqualTo("pro");
        assertThat(contact("a@example.com", "import_line")).isEqualTo("4");
    }

    @Test
    void what_is_imported_again_is_unchanged_and_keeps_its_time() {
        String[] rows = {"a@example.com,Ulm,1", "b@example.com,Bonn,2"};
        merge(1, 2, "email,city,score", rows);
        String before = contact("a@example.com", "updated_at");

        assertThat(sum(merge(2, 2, "email,city,score", rows))).isEqualTo(counts(0, 0, 2, 0));
        assertThat(contact("a@example.com", "updated_at")).isEqualTo(before);
        assertThat(contact("a@example.com", "import_id")).isEqualTo("2");
    }

    @Test
    void what_differs_is_updated_and_an_empty_cell_leaves_what_there_was() {
        merge(1, 2, "email,city,plan,score", "a@example.com,Ulm,free,1");

        ChunkCounts counts = merge(2, 2, "email,city,plan,score", "a@example.com,,pro,");

        assertThat(sum(counts)).isEqualTo(counts(0, 1, 0, 0));
        assertThat(contact("a@example.com", "city")).isEqualTo("Ulm");
        assertThat(attributes("a@example.com").toString())
                .isEqualTo("{\"plan\":\"pro\",\"score\":1}");
    }

    @Test
    void an_attribute_is_a_number_or_a_truth_value_only_beyond_doubt() {
        merge(
                1,
                2,
                "email,n,d,minus,t,f,zero,postcode,plus,exponent,long,yes,quote",
                "a@example.com,42,1.50,-3,true,false,0,01234,+49,1e3,1234567890123456,yes,"
                        + "\"x\"\"\\\ty\nz\"");

        JsonNode attributes = attributes("a@example.com");
        for (String number : List.of("n", "d", "minus", "zero")) {
            assertThat(attributes.path(number).isNumber()).as(number).isTrue();
        }
        assertThat(attributes.path("t").isBoolean()).isTrue();
        assertThat(attributes.path("f").isBoolean()).isTrue();
        assertThat(attributes.path("d").decimalValue()).isEqualByComparingTo("1.5");
        Map<String, String> texts =
                Map.of(
                        "postcode", "01234",
                        "plus", "+49",
                        "exponent", "1e3",
                        "long", "1234567890123456",
                        "yes", "yes",
                        "quote", "x\"\\\ty\nz");
        texts.forEach(
                (name, text) -> {
                    assertThat(attributes.path(name).isString()).as(name).isTrue();
                    assertThat(attributes.path(name).asString()).isEqualTo(text);
                });
    }

    @Test
    void values_that_mean_something_to_copy_arrive_as_they_are() {
        merge(1, 2, "email,city,phone", "a@example.com,\"a\\N\\.\tb\nc\r\",\\N");

        assertThat(contact("a@example.com", "city")).isEqualTo("a\\N\\.\tb\nc");
        assertThat(contact("a@example.com", "phone")).isEqualTo("\\N");
    }

    @Test
    void contacts_join_the_list_once_however_often_they_are_in_the_file() {
        long list = launchFixture.in(() -> launchFixture.door(Lists.class).create("news").id());
        String[] rows = {"a@example.com", "b@example.com", "a@example.com"};

        mergeInto(list, 1, 2, "email", rows);
        mergeInto(list, 1, 5, "email", "b@example.com");
        mergeInto(list, 2, 2, "email", rows);

        assertThat(
                        launchFixture
                                .owner()
                                .sql(
                                        """
                                        SELECT c.email FROM list_member m
                                          JOIN contact c ON c.id = m.contact_id
                                         WHERE m.list_id = :list ORDER BY 1
                                        """)
                                .param("list", list)
                                .query(String.class)
                                .list())
                .containsExactly("a@example.com", "b@example.com");
    }

    private ChunkCounts merge(long importId, long line, String header, String... rows) {
        return mergeInto(null, importId, line, header, rows);
    }

    /** As a worker does it with a slice whose first row stands on that line. */
    private ChunkCounts mergeInto(
            @Nullable Long list, long importId, long line, String header, String... rows) {
        return launchFixture.in(
                () -> transaction.execute(_ -> merged(list, importId, line, header, rows)));
    }

    private ChunkCounts merged(
            @Nullable Long list, long importId, long line, String header, String... rows) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        ImportOptions options =
                list == null
                        ? ImportOptions.DEFAULT
                        : OptionsOfTests.of("{'listId': %d}".formatted(list));
        try {
            Header read = Header.read(List.of(header.split(",")), options);
            Staging staging = new Staging(read, new CopyBuffer(100));
            RowReader reader = new RowReader(read, COMMAS, staging);
            reader.read(String.join("\n", rows).getBytes(StandardCharsets.UTF_8), line);
            assertThat(reader.rejects()).isEmpty();
            return new Merge(connection, staging, importId, options).run().counts();
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private static Map<String, Long> counts(
            long created, long updated, long unchanged, long duplicate) {
        return Map.of(
                "created", created,
                "updated", updated,
                "unchanged", unchanged,
                "duplicate", duplicate);
    }

    private static Map<String, Long> sum(ChunkCounts... parts) {
        return counts(
                sum("created", parts),
                sum("updated", parts),
                sum("unchanged", parts),
                sum("duplicate", parts));
    }

    private static long sum(String name, ChunkCounts... parts) {
        return Arrays.stream(parts).mapToLong(part -> part.get(name)).sum();
    }

    private String contact(String email, String column) {
        return launchFixture
                .owner()
                .sql("SELECT " + column + "::text FROM contact WHERE email = :email")
                .param("email", email)
                .query(String.class)
                .single();
    }

    private JsonNode attributes(String email) {
        return JsonMapper.shared().readTree(contact(email, "attributes"));
    }
}

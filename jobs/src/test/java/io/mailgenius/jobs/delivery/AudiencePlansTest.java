package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.ExplainedStatements;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.FollowUp;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page of an audience costs as much as it is long, also a minute after everybody was imported,
 * when PostgreSQL knows how large its tables are and nothing of what is in them.
 */
class AudiencePlansTest {

    private static final int PEOPLE = 20_000;

    private final TestDatabase database = TestDatabase.create();
    private final ExplainedStatements explained = ExplainedStatements.ofTheProduct(database);
    private final long workspace = database.workspace("Acme");
    private final long[] people = new long[PEOPLE];

    @BeforeEach
    void fill() {
        JdbcClient owner = JdbcClient.create(database.owner());
        owner.sql("SELECT ensure_send_partition(7)").query().listOfRows();
        for (String table :
                new String[] {
                    "contact", "suppression", "list_member", "segment_member", "send_from_0"
                }) {
            owner.sql("ALTER TABLE %s SET (autovacuum_enabled = off)".formatted(table)).update();
        }
        String into = "INSERT INTO %s SELECT :workspace, %s FROM generate_series(1, :people) n";
        for (String sql :
                new String[] {
                    into.formatted(
                            "contact (workspace_id, email, status)",
                            "'p' || n || '@example.com', 'SUBSCRIBED'"),
                    into.formatted(
                            "suppression (workspace_id, email, reason, source)",
                            "'p' || n * 10 || '@example.com', 'MANUAL', 'test'"),
                }) {
            owner.sql(sql).param("workspace", workspace).param("people", PEOPLE).update();
        }
        owner.sql("INSERT INTO list (id, workspace_id, name) VALUES (1, :workspace, 'All')")
                .param("workspace", workspace)
                .update();
        owner.sql(
                        "INSERT INTO segment (id, workspace_id, name, rule) VALUES (1, :workspace, 'All', '{}')")
                .param("workspace", workspace)
                .update();
        for (String members :
                new String[] {
                    "list_member (workspace_id, list_id, contact_id) SELECT workspace_id, 1, id",
                    "segment_member (workspace_id, segment_id, contact_id) SELECT workspace_id, 1, id",
                    """
                    send (workspace_id, campaign_id, contact_id, status, reason, recorded_at)
                    SELECT workspace_id, 7, id, 'FAILED', 'full', now()
                    """
                }) {
            owner.sql("INSERT INTO %s FROM contact".formatted(members)).update();
        }
        long[] ids =
                owner
                        .sql("SELECT id FROM contact ORDER BY id")
                        .query((row, n) -> row.getLong(1))
                        .list()
                        .stream()
                        .mapToLong(Long::longValue)
                        .toArray();
        System.arraycopy(ids, 0, people, 0, PEOPLE);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everybody_is_walked_along_the_key() {
        assertPage(Audience.EVERYBODY);
    }

    @Test
    void so_are_the_members_of_a_list() {
        assertPage(new Audience(null, 1L, null, null));
    }

    @Test
    void and_of_a_segment() {
        assertPage(new Audience(1L, null, null, null));
    }

    @Test
    void and_whom_an_earlier_campaign_did_not_reach() {
        assertPage(new Audience(null, null, null, new FollowUp(7, FollowUp.To.FAILED)));
    }

    /** Each partition costs several commits, so a small audience is one. */
    @Test
    void five_hundred_contacts_are_one_partition_wherever_their_ids_are() {
        assertThat(partitions(workspace, 499)).isEqualTo(1);
        assertThat(partitions(workspace, 1_000_000)).isEqualTo(4);
        long small = database.workspace("Small");
        contacts(small, 500);
        assertThat(partitions(small, 1_000_000)).isEqualTo(1);
        contacts(small, 501);
        assertThat(partitions(small, 1_000_000)).isEqualTo(4);
    }

    private void contacts(long of, int number) {
        JdbcClient.create(database.owner())
                .sql(
                        """
                        INSERT INTO contact (workspace_id, email, status)
                        SELECT :workspace, 's' || n || '@example.com', 'SUBSCRIBED' FROM generate_series(1, :number) n
                        ON CONFLICT DO NOTHING
                        """)
                .param("workspace", of)
                .param("number", number)
                .update();
    }

    private int partitions(long of, long range) {
        return WorkspaceScope.call(
                of,
                () ->
                        Objects.requireNonNull(
                                new TransactionTemplate(new WorkspaceTransactionManager(explained))
                                        .execute(
                                                _ ->
                                                        AudiencePartitions.count(
                                                                JdbcClient.create(explained),
                                                                range))));
    }

    /** Of the first thousand every tenth is suppressed. */
    private void assertPage(Audience audience) {
        AudienceReader reader =
                new AudienceReader(
                        JdbcClient.create(explained),
                        JsonMapper.shared(),
                        _ -> {},
                        8,
                        audience,
                        null,
                        ChunkSizing.PLAIN,
                        new AudienceReader.ContactRange(people[0], people[PEOPLE - 1]));
        TransactionTemplate transaction =
                new TransactionTemplate(new WorkspaceTransactionManager(explained));
        explained.forget();

        Recipients page =
                WorkspaceScope.call(
                        workspace,
                        () ->
                                transaction.execute(
                                        _ -> {
                                            reader.open(new ExecutionContext());
                                            return reader.read();
                                        }));

        assertThat(Objects.requireNonNull(page).contacts())
                .isEqualTo(
                        LongStream.range(0, AudienceReader.CHUNK)
                                .filter(n -> (n + 1) % 10 != 0)
                                .map(n -> people[(int) n])
                                .toArray());
        assertThat(explained.plans())
                .filteredOn(plan -> plan.contains("suppression"))
                .isNotEmpty()
                .allSatisfy(
                        plan ->
                                assertThat(plan)
                                        .contains("suppression_pkey")
                                        .doesNotContain("Seq Scan", "Hash", "Merge")
                                        // Read and made a number of for each of them.
                                        .doesNotContainPattern("Index Cond:.*current_setting"));
    }
}

package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SendStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who got it, who did not, and why. */
class SendsTest {

    private static SendFixture sendFixture;
    private static long campaign;
    private static long large;

    @BeforeAll
    static void start() {
        sendFixture = new SendFixture();
        sendFixture.people(4_501);
        campaign = sendFixture.over();
        sendFixture.outcome(campaign, "SENT", null, 1, 2, 3);
        sendFixture.outcome(campaign, "FAILED", "=cmd|' /C calc'!A0", 4, 6);
        sendFixture.outcome(campaign, "SKIPPED", "suppressed: BOUNCED", 5);
        sendFixture.outcome(campaign, "UNKNOWN", "perhaps sent before", 7);
        sendFixture
                .owner
                .sql(
                        """
                        INSERT INTO engagement (workspace_id, campaign_id, contact_id, delivered_at, opened_at)
                        VALUES (:workspace, :campaign, 2, '2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z')
                        """)
                .param("workspace", sendFixture.workspace)
                .param("campaign", campaign)
                .update();
        sendFixture.owner.sql("DELETE FROM contact WHERE id = 3").update();
        large = sendFixture.over();
        sendFixture.outcome(large, "SENT", null, LongStream.rangeClosed(1, 4_500).toArray());
        sendFixture.outcome(large, "FAILED", "no such address", 4_501);
    }

    @AfterAll
    static void stop() {
        sendFixture.close();
    }

    @Test
    void every_recipient_is_listed_once_however_small_the_pages_are() {
        List<SendView> all = new ArrayList<>();
        String after = "0";
        while (after != null) {
            Page<SendView> page = page(campaign, null, Long.parseLong(after), 2);
            all.addAll(page.items());
            after = page.next();
        }
        assertThat(all).extracting(SendView::contactId).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void a_status_lists_only_its_own_with_the_reason() {
        assertThat(page(campaign, SendStatus.FAILED, 0, 50).items())
                .extracting(SendView::contactId, SendView::reason)
                .containsExactly(tuple(4L, "=cmd|' /C calc'!A0"), tuple(6L, "=cmd|' /C calc'!A0"));
        for (SendStatus status : SendStatus.values()) {
            assertThat(page(campaign, status, 0, 50).items())
                    .isNotEmpty()
                    .allSatisfy(send -> assertThat(send.status()).isEqualTo(status));
        }
    }

    @Test
    void what_came_back_stands_beside_the_outcome() {
        SendView send = page(campaign, SendStatus.SENT, 1, 1).items().getFirst();
        assertThat(send.email()).isEqualTo("2@example.org");
        assertThat(send.deliveredAt()).isEqualTo("2026-01-01T10:00:00Z");
        assertThat(send.openedAt()).isEqualTo("2026-01-01T11:00:00Z");
        assertThat(send.clickedAt()).isNull();
    }

    @Test
    void whoever_was_deleted_since_is_listed_without_an_address() {
        assertThat(page(campaign, SendStatus.SENT, 2, 1).items().getFirst().email()).isNull();
    }

    @Test
    void another_workspaces_campaign_is_not_there() {
        long theirs = sendFixture.database.workspace("Theirs");
        Sends sends = sendFixture.door(Sends.class);
        assertThatThrownBy(
                        () -> WorkspaceScope.run(theirs, () -> sends.page(campaign, null, 0, 50)))
                .isInstanceOf(Refusal.NotFound.class);
        assertThatThrownBy(() -> WorkspaceScope.run(theirs, () -> sends.export(campaign, null)))
                .isInstanceOf(Refusal.NotFound.class);
    }

    @Test
    void a_file_has_everybody_also_beyond_what_is_read_at_once() throws IOException {
        List<String> lines = file(large, null).lines().toList();
        assertThat(lines).hasSize(1 + 4_501).doesNotHaveDuplicates();
        assertThat(lines.getFirst()).startsWith("contactId,email,status,reason,");
        assertThat(file(large, SendStatus.FAILED).lines().skip(1))
                .singleElement()
                .asString()
                .startsWith("4501,4501@example.org,FAILED,no such address,,");
    }

    @Test
    void a_reason_that_a_spreadsheet_would_run_is_text_in_the_file() throws IOException {
        assertThat(file(campaign, SendStatus.FAILED))
                .contains(",'=cmd|' /C calc'!A0,")
                .doesNotContain(",=cmd");
    }

    @Test
    void a_file_that_breaks_off_does_not_look_whole() {
        List<Boolean> closed = new ArrayList<>();
        ByteArrayOutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed.add(true);
                    }

                    @Override
                    public synchronized void write(byte[] bytes, int from, int length) {
                        super.write(bytes, from, length);
                        if (size() > 20_000) {
                            throw new IllegalStateException("the database went away");
                        }
                    }
                };
        assertThatThrownBy(
                        () ->
                                WorkspaceScope.call(
                                        sendFixture.workspace,
                                        () -> {
                                            sendFixture
                                                    .door(Sends.class)
                                                    .export(large, null)
                                                    .writeTo(out);
                                            return null;
                                        }))
                .hasMessage("the database went away");
        assertThat(closed).isEmpty();
    }

    /** Three failures among millions are not worth reading millions of rows. */
    @Test
    void whom_a_status_other_than_sent_names_is_looked_up_in_an_index() {
        for (SendStatus status : SendStatus.values()) {
            if (status != SendStatus.SENT) {
                String plan =
                        String.join(
                                "\n",
                                sendFixture
                                        .owner
                                        .sql(
                                                """
                                                EXPLAIN SELECT * FROM send
                                                 WHERE workspace_id = %d AND campaign_id = %d
                                                   AND contact_id > 0 AND status = '%s'
                                                 ORDER BY contact_id LIMIT 51
                                                """
                                                        .formatted(
                                                                sendFixture.workspace,
                                                                large,
                                                                status))
                                        .query((row, n) -> row.getString(1))
                                        .list());
                assertThat(plan).contains("status_contact_id_idx").doesNotContain("Sort", "Filter");
            }
        }
    }

    private static Page<SendView> page(
            long of, @Nullable SendStatus status, long after, int limit) {
        return sendFixture.in(() -> sendFixture.door(Sends.class).page(of, status, after, limit));
    }

    private static String file(long of, @Nullable SendStatus status) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WorkspaceScope.<Void, IOException>call(
                sendFixture.workspace,
                () -> {
                    sendFixture.door(Sends.class).export(of, status).writeTo(out);
                    return null;
                });
        return out.toString(StandardCharsets.UTF_8);
    }
}

package io.mailgenius.jobs.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.SegmentStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Tests segments with a node that runs the job. */
class SegmentsTest {

    private static final int CONTACTS = 45_000;
    private static final JsonNode PRO =
            Audience.json("{\"field\":\"attributes.plan\",\"op\":\"equals\",\"value\":\"pro\"}");
    private static final JsonNode EVERYBODY =
            Audience.json("{\"field\":\"email\",\"op\":\"exists\"}");

    private static final Audience IDLE = new Audience();
    private static Audience audience;
    private static TestNode node;

    @BeforeAll
    static void a_workspace_of_more_contacts_than_a_chunk_has() {
        audience = new Audience();
        node =
                TestNode.start(
                        audience.database,
                        List.of(SegmentJob.class, Segments.class),
                        Role.MANAGER,
                        Role.WORKER);
        contacts(audience.workspace, CONTACTS);
        contacts(audience.stranger, 10);
    }

    /** Every third contact has the plan pro. */
    private static void contacts(long workspace, int count) {
        owner().sql(
                        """
                        INSERT INTO contact (workspace_id, email, attributes)
                        SELECT :workspace, 'c' || n || '@example.com',
                               jsonb_build_object('plan', CASE n % 3 WHEN 0 THEN 'pro' ELSE 'free' END)
                          FROM generate_series(1, :count) n
                        """)
                .param("workspace", workspace)
                .param("count", count)
                .update();
    }

    @AfterAll
    static void close() {
        node.close();
        audience.close();
        IDLE.close();
    }

    private static JdbcClient owner() {
        return JdbcClient.create(audience.database.owner());
    }

    private static <R> R ours(Supplier<R> work) {
        return WorkspaceScope.call(audience.workspace, work::get);
    }

    private static <R> R theirs(Supplier<R> work) {
        return WorkspaceScope.call(audience.stranger, work::get);
    }

    private static Segments segments() {
        return node.get(Segments.class);
    }

    private static SegmentView ended(long id) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> ours(() -> segments().find(id)),
                        view -> view.status() != SegmentStatus.BUILDING);
    }

    /** Waits until the launch has ended too, which is recorded after the segment's status. */
    private static void idle(long id) {
        long launch = Objects.requireNonNull(ours(() -> segments().find(id)).launchId());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !node.get(Launches.class).find(launch).orElseThrow().alive());
    }

    private static List<Long> members(long segment) {
        return owner().sql(
                        "SELECT contact_id FROM segment_member WHERE segment_id = :id ORDER BY 1")
                .param("id", segment)
                .query(Long.class)
                .list();
    }

    private static List<Long> pro() {
        return owner().sql(
                        """
                        SELECT id FROM contact
                         WHERE workspace_id = :workspace AND attributes ->> 'plan' = 'pro' ORDER BY 1
                        """)
                .param("workspace", audience.workspace)
                .query(Long.class)
                .list();
    }

    @Test
    void a_segment_is_building_until_its_members_match_the_rule() {
        SegmentView created = ours(() -> segments().create("  Pro  ", PRO));
        assertThat(created.status()).isEqualTo(SegmentStatus.BUILDING);
        assertThat(created.name()).isEqualTo("Pro");
        assertThat(created.rule()).isEqualTo(PRO);

        SegmentView ready = ended(created.id());
        assertThat(ready.status()).isEqualTo(SegmentStatus.READY);
        assertThat(ready.members()).isEqualTo(pro().size());
        assertThat(ready.refreshedAt()).isNotNull();
        assertThat(members(ready.id())).isEqualTo(pro());
        List<Integer> read =
                owner().sql(
                                """
                                SELECT (counts ->> 'read')::int FROM chunk k
                                  JOIN launch l ON l.job_instance_id = k.job_instance_id
                                 WHERE l.id = :launch ORDER BY k.partition, k.sequence
                                """)
                        .param("launch", Objects.requireNonNull(ready.launchId()))
                        .query(Integer.class)
                        .list();
        assertThat(read).startsWith(20_000, 20_000).hasSize(3);
    }

    @Test
    void a_refresh_applies_changed_new_and_deleted_contacts() {
        String pro = "{\"plan\":\"pro\"}";
        long changed = audience.contact("Changed", Map.of("attributes", pro));
        long gone = audience.contact("Gone", Map.of("attributes", pro));
        long id = ours(() -> segments().create("Followed", PRO)).id();
        ended(id);
        idle(id);
        assertThat(members(id)).isEqualTo(pro()).contains(changed, gone);

        owner().sql("UPDATE contact SET attributes = '{}' WHERE id = :id")
                .param("id", changed)
                .update();
        owner().sql("DELETE FROM contact WHERE id = :id").param("id", gone).update();
        long late = audience.contact("Late", Map.of("attributes", pro));
        SegmentView refreshed = ours(() -> segments().refresh(id, false));
        assertThat(refreshed.status()).as("in the call").isEqualTo(SegmentStatus.READY);
        assertThat(refreshed.members()).isEqualTo(pro().size());
        assertThat(members(id)).isEqualTo(pro()).contains(late).doesNotContain(changed, gone);

        assertThat(ours(() -> segments().refresh(id, true)).status())
                .isEqualTo(SegmentStatus.BUILDING);
        assertThat(ended(id).members()).isEqualTo(pro().size());
        assertThat(members(id)).isEqualTo(pro());
    }

    /** The node has no manager, so the launch waits. */
    @Test
    void a_segment_that_is_being_built_is_not_refreshed_but_may_be_deleted() {
        try (TestNode idle =
                TestNode.start(
                        IDLE.database, List.of(SegmentJob.class, Segments.class), Role.API)) {
            Segments segments = idle.get(Segments.class);
            WorkspaceScope.run(
                    IDLE.workspace,
                    () -> {
                        long id = segments.create("Waiting", PRO).id();
                        assertThatThrownBy(() -> segments.refresh(id, false))
                                .isInstanceOf(Refusal.Conflict.class)
                                .hasMessageContaining("is being built");
                        segments.delete(id);
                        assertThatThrownBy(() -> segments.find(id))
                                .isInstanceOf(Refusal.NotFound.class);
                    });
        }
    }

    @Test
    void names_are_unique_in_a_workspace() {
        ours(() -> segments().create("Taken", PRO));
        assertThat(
                        catchThrowableOfType(
                                        Refusal.Conflict.class,
                                        () -> ours(() -> segments().create(" Taken", PRO)))
                                .problem())
                .isEqualTo("segment-exists");
        assertThat(theirs(() -> segments().create("Taken", PRO)).members()).isZero();
    }

    @Test
    void a_segment_that_is_refused_is_neither_stored_nor_launched() {
        long launches = launches();
        for (String name : List.of("", " ", "x".repeat(201), "a\0b", "\ud800")) {
            assertThatThrownBy(() -> ours(() -> segments().create(name, PRO)))
                    .isInstanceOf(Refusal.Invalid.class);
        }
        JsonNode nobody =
                Audience.json("{\"field\":\"list\",\"op\":\"memberOf\",\"value\":987654}");
        assertThatThrownBy(() -> ours(() -> segments().create("Nobody", nobody)))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("the list 987654");
        JsonNode opened = Audience.json("{\"field\":\"opened\",\"op\":\"in\",\"value\":[987654]}");
        assertThatThrownBy(() -> ours(() -> segments().preview(opened)))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("the campaign 987654");
        assertThat(launches()).isEqualTo(launches);
    }

    private static long launches() {
        return owner().sql("SELECT count(*) FROM launch").query(Long.class).single();
    }

    @Test
    void a_list_of_another_workspace_is_unknown() {
        long list = audience.list();
        JsonNode rule =
                Audience.json(
                        "{\"field\":\"list\",\"op\":\"notMemberOf\",\"value\":%d}".formatted(list));
        assertThat(ours(() -> segments().preview(rule)).count()).isPositive();
        assertThatThrownBy(() -> theirs(() -> segments().preview(rule)))
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void a_preview_counts_and_shows_five_and_stores_nothing() {
        SegmentPreview preview = ours(() -> segments().preview(EVERYBODY));
        assertThat(preview.count()).isGreaterThanOrEqualTo(CONTACTS - 10);
        assertThat(preview.sample()).hasSize(5).allMatch(c -> c.email().endsWith("@example.com"));
        SegmentPreview few = theirs(() -> segments().preview(PRO));
        assertThat(few.count()).isEqualTo(3);
        assertThat(few.sample())
                .extracting(SegmentPreview.Sample::email)
                .containsExactly("c3@example.com", "c6@example.com", "c9@example.com");
    }

    @Test
    void a_job_that_fails_leaves_the_segment_failed_and_its_restart_makes_it_ready() {
        long id = ours(() -> segments().create("Mended", PRO)).id();
        ended(id);
        idle(id);
        rule(id, "{\"field\":\"gone\",\"op\":\"exists\"}");
        SegmentView refreshing = ours(() -> segments().refresh(id, false));
        assertThat(ended(id).status()).isEqualTo(SegmentStatus.FAILED);
        idle(id);

        rule(id, PRO.toString());
        WorkspaceScope.run(
                audience.workspace,
                () ->
                        node.get(Launches.class)
                                .restart(Objects.requireNonNull(refreshing.launchId())));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ours(() -> segments().find(id)).status() == SegmentStatus.READY);
    }

    private static void rule(long id, String rule) {
        owner().sql("UPDATE segment SET rule = CAST(:rule AS jsonb) WHERE id = :id")
                .param("rule", rule)
                .param("id", id)
                .update();
    }

    @Test
    void pages_follow_the_ids_and_end() {
        List<Long> ids =
                List.of(
                        ours(() -> segments().create("Page 1", PRO)).id(),
                        ours(() -> segments().create("Page 2", PRO)).id());
        Page<SegmentView> first = ours(() -> segments().page(ids.getFirst() - 1, 1));
        assertThat(first.items()).extracting(SegmentView::id).containsExactly(ids.getFirst());
        assertThat(first.next()).isEqualTo(ids.getFirst().toString());
        Page<SegmentView> rest = ours(() -> segments().page(ids.getFirst(), 200));
        assertThat(rest.items()).extracting(SegmentView::id).contains(ids.getLast());
        assertThat(rest.next()).isNull();
        assertThat(theirs(() -> segments().page(0, 200)).items())
                .extracting(SegmentView::id)
                .doesNotContainAnyElementsOf(ids);
    }

    @Test
    void a_segment_of_another_workspace_is_not_visible() {
        long id = ours(() -> segments().create("Ours", PRO)).id();
        assertThatThrownBy(() -> theirs(() -> segments().find(id)))
                .isInstanceOf(Refusal.NotFound.class);
        assertThatThrownBy(() -> theirs(() -> segments().refresh(id, false)))
                .isInstanceOf(Refusal.NotFound.class);
        assertThatThrownBy(() -> WorkspaceScope.run(audience.stranger, () -> segments().delete(id)))
                .isInstanceOf(Refusal.NotFound.class);
    }

    @Test
    void deleting_a_segment_deletes_its_members() {
        long id = ours(() -> segments().create("Deleted", PRO)).id();
        ended(id);
        assertThat(members(id)).isNotEmpty();
        WorkspaceScope.run(audience.workspace, () -> segments().delete(id));
        assertThat(members(id)).isEmpty();
        assertThatThrownBy(() -> ours(() -> segments().find(id)))
                .isInstanceOf(Refusal.NotFound.class);
    }
}

package io.mailgenius.jobs.workspaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.schema.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class WorkspacesTest {

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient owner = JdbcClient.create(database.owner());
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;
    private final Workspaces workspaces =
            new Workspaces(JdbcClient.create(database.dataSource()), clock);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void the_first_workspace_comes_with_a_key_that_opens_everything() {
        String key = workspaces.newApiKey();

        long workspace = workspaces.bootstrap("Acme", key).orElseThrow();

        ApiKeyPrincipal apiKeyPrincipal = workspaces.bearer(key).orElseThrow();
        assertThat(apiKeyPrincipal.workspaceId()).isEqualTo(workspace);
        assertThat(apiKeyPrincipal.may("campaigns:send")).isTrue();
        assertThat(workspaces.ids()).containsExactly(workspace);
    }

    @Test
    void nodes_that_start_together_make_one_workspace() throws Exception {
        List<Callable<OptionalLong>> starts = new ArrayList<>();
        for (int node = 0; node < 8; node++) {
            starts.add(() -> workspaces.bootstrap("Acme", workspaces.newApiKey()));
        }
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            int made = 0;
            for (Future<OptionalLong> start : nodes.invokeAll(starts)) {
                made += start.get().isPresent() ? 1 : 0;
            }
            assertThat(made).isEqualTo(1);
        }
        assertThat(workspaces.ids()).hasSize(1);
        assertThat(owner.sql("SELECT count(*) FROM api_key").query(Long.class).single()).isOne();
    }

    @Test
    void a_key_that_no_one_holds_opens_nothing() {
        workspaces.bootstrap("Acme", "mg_right");

        assertThat(workspaces.bearer("mg_wrong")).isEmpty();
        assertThat(workspaces.bearer("")).isEmpty();
    }

    @Test
    void a_key_that_is_made_after_it_was_first_tried_works_at_once() {
        assertThat(workspaces.bearer("mg_soon")).isEmpty();

        workspaces.bootstrap("Acme", "mg_soon");

        assertThat(workspaces.bearer("mg_soon")).isPresent();
    }

    @Test
    void a_thousand_requests_ask_the_database_once() {
        workspaces.bootstrap("Acme", "mg_key");
        workspaces.bearer("mg_key");

        // Were it asked again, it would answer no.
        owner.sql("DELETE FROM api_key").update();

        for (int request = 0; request < 1_000; request++) {
            assertThat(workspaces.bearer("mg_key")).isPresent();
        }
    }

    @Test
    void a_revoked_key_opens_nothing_once_the_memory_of_it_has_passed() {
        workspaces.bootstrap("Acme", "mg_key");
        workspaces.bearer("mg_key");
        owner.sql("UPDATE api_key SET revoked_at = now()").update();

        now = now.plus(Workspaces.KEY_MEMORY);

        assertThat(workspaces.bearer("mg_key")).isEmpty();
    }

    @Test
    void using_a_revoked_key_all_the_time_does_not_keep_it_alive() {
        workspaces.bootstrap("Acme", "mg_key");
        workspaces.bearer("mg_key");
        owner.sql("UPDATE api_key SET revoked_at = now()").update();

        for (int second = 0; second < 4; second++) {
            now = now.plusSeconds(1);
            assertThat(workspaces.bearer("mg_key")).isPresent();
        }
        now = now.plusSeconds(1);
        assertThat(workspaces.bearer("mg_key")).isEmpty();
    }

    @Test
    void the_memory_of_keys_is_bounded_and_keeps_those_in_use() {
        ApiKeyCache memory = new ApiKeyCache(clock, Duration.ofSeconds(5), 2);
        ApiKeyPrincipal apiKeyPrincipal = new ApiKeyPrincipal(1, 1, java.util.Set.of("*"));
        memory.put("a", apiKeyPrincipal, 0);
        memory.put("b", apiKeyPrincipal, 0);
        memory.get("a");
        memory.put("c", apiKeyPrincipal, 0);

        assertThat(memory.get("a")).isPresent();
        assertThat(memory.get("b")).isEmpty();
        assertThat(memory.get("c")).isPresent();
    }

    @Test
    void what_was_looked_up_before_a_change_is_not_remembered_after_it() {
        ApiKeyCache memory = new ApiKeyCache(clock, Duration.ofSeconds(5), 2);
        long before = memory.clearings();

        memory.clear();
        memory.put("a", new ApiKeyPrincipal(1, 1, java.util.Set.of("*")), before);

        assertThat(memory.get("a")).isEmpty();
    }

    @Test
    void a_new_key_is_32_random_bytes_behind_its_prefix() {
        String key = workspaces.newApiKey();

        assertThat(key).matches("mg_[A-Za-z0-9_-]{43}");
        assertThat(workspaces.newApiKey()).isNotEqualTo(key);
    }

    @Test
    void a_scope_that_a_key_does_not_have_is_refused() {
        ApiKeyPrincipal apiKeyPrincipal =
                new ApiKeyPrincipal(1, 1, java.util.Set.of("contacts:read"));

        assertThat(apiKeyPrincipal.may("contacts:read")).isTrue();
        assertThat(apiKeyPrincipal.may("contacts:write")).isFalse();
    }
}

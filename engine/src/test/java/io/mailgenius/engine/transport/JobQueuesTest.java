package io.mailgenius.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.engine.transport.JobQueues.Taken;
import io.mailgenius.schema.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order in which queues are served. */
class JobQueuesTest {

    private static final long ACME = 1;
    private static final long UMBRELLA = 2;

    private RedisClient client;
    private JobQueues queues;

    @BeforeEach
    void open() {
        client = RedisClient.create(TestRedis.uri().toString());
        queues = new JobQueues(client, "queues-" + UUID.randomUUID());
    }

    @AfterEach
    void close() {
        queues.close();
        client.shutdown();
    }

    @Test
    void a_workspace_with_many_jobs_gets_no_more_than_one_with_a_single_job() {
        for (long job = 1; job <= 50; job++) {
            publish(job, ACME, Priority.NORMAL, 10);
        }
        publish(99, UMBRELLA, Priority.NORMAL, 100);
        List<Taken> taken = queues.take("node", 100);
        assertThat(taken).filteredOn(it -> it.jobInstanceId() == 99).hasSize(50);
    }

    @Test
    void jobs_of_a_workspace_are_served_by_weighted_round_robin() {
        publish(1, ACME, Priority.HIGH, 100);
        publish(2, ACME, Priority.NORMAL, 100);
        publish(3, ACME, Priority.LOW, 100);
        List<Taken> taken = takeOneByOne(70);
        assertThat(taken).filteredOn(it -> it.jobInstanceId() == 1).hasSize(40);
        assertThat(taken).filteredOn(it -> it.jobInstanceId() == 2).hasSize(20);
        assertThat(taken).filteredOn(it -> it.jobInstanceId() == 3).hasSize(10);
    }

    @Test
    void a_late_job_does_not_wait_for_earlier_ones() {
        for (long job = 1; job <= 500; job++) {
            publish(job, ACME, Priority.NORMAL, 2);
        }
        takeOneByOne(10);
        publish(600, UMBRELLA, Priority.NORMAL, 1);
        assertThat(takeOneByOne(4)).extracting(Taken::jobInstanceId).contains(600L);
    }

    @Test
    void each_chunk_is_given_once_and_in_the_order_in_which_it_was_published() {
        publish(1, ACME, Priority.NORMAL, 30);
        List<Taken> taken = new ArrayList<>(queues.take("a", 7));
        taken.addAll(queues.take("b", 50));
        assertThat(taken)
                .extracting(Taken::chunkId)
                .containsExactlyElementsOf(LongStream.range(0, 30).boxed().toList());
        assertThat(queues.take("a", 5)).isEmpty();
    }

    @Test
    void taken_chunks_are_recorded_until_the_node_takes_again() {
        publish(1, ACME, Priority.NORMAL, 5);
        queues.take("node", 3);
        assertThat(queues.takers()).containsExactly("node");
        assertThat(queues.takenBy("node")).containsExactly(0L, 1L, 2L);
        queues.take("node", 1);
        assertThat(queues.takenBy("node")).containsExactly(3L);
        queues.removeNode("node");
        assertThat(queues.takers()).isEmpty();
        assertThat(queues.takenBy("node")).isEmpty();
    }

    @Test
    void an_idle_node_is_woken_by_publishing() throws Exception {
        assertThat(queues.take("node", 1)).isEmpty();
        try (JobQueues publisher = new JobQueues(client, namespaceOf(queues))) {
            CompletableFuture<Void> woken =
                    CompletableFuture.runAsync(
                            () -> queues.awaitWakeUp("node", Duration.ofSeconds(2)));
            publisher.publish(1, ACME, List.of(7L));
            woken.get();
        }
        assertThat(queues.take("node", 1)).containsExactly(new Taken(1, 7));
    }

    @Test
    void a_closed_job_is_not_served_and_does_not_block_others() {
        publish(1, ACME, Priority.NORMAL, 5);
        publish(2, UMBRELLA, Priority.NORMAL, 5);
        queues.close(List.of(1L));
        assertThat(queues.known().keySet()).isEqualTo(Set.of(2L));
        assertThat(queues.take("node", 10)).extracting(Taken::jobInstanceId).containsOnly(2L);
        publish(1, ACME, Priority.NORMAL, 1);
        assertThat(queues.take("node", 10)).extracting(Taken::jobInstanceId).containsExactly(1L);
    }

    @Test
    void excluded_workspaces_keep_their_chunks_and_do_not_block_others() {
        publish(1, ACME, Priority.NORMAL, 3);
        publish(2, UMBRELLA, Priority.NORMAL, 2);
        assertThat(queues.takeOthers("node", 5, List.of(ACME)))
                .extracting(Taken::jobInstanceId)
                .containsExactly(2L, 2L);
        assertThat(queues.takeOthers("node", 5, List.of(ACME))).isEmpty();
        assertThat(queues.takeOthers("node", 5, List.of(ACME, UMBRELLA))).isEmpty();
        assertThat(queues.take("node", 5)).extracting(Taken::chunkId).containsExactly(0L, 1L, 2L);
    }

    /** It has work, so publishing must wake another node. */
    @Test
    void a_node_that_excludes_workspaces_is_not_idle() throws Exception {
        assertThat(queues.take("idle", 1)).isEmpty();
        assertThat(queues.takeOthers("busy", 1, List.of(ACME))).isEmpty();
        try (JobQueues publisher = new JobQueues(client, namespaceOf(queues))) {
            publisher.publish(1, ACME, List.of(7L));
            publisher.publish(1, ACME, List.of(8L));
        }
        try (var connection = client.connect()) {
            assertThat(connection.sync().keys(namespaceOf(queues) + ":wake:*"))
                    .containsExactly(namespaceOf(queues) + ":wake:idle");
        }
    }

    @Test
    void an_emptied_redis_is_noticed_once() {
        queues.marked();
        assertThat(queues.marked()).isTrue();
        try (var connection = client.connect()) {
            connection.sync().flushall();
        }
        assertThat(queues.marked()).isFalse();
        assertThat(queues.marked()).isTrue();
    }

    private void publish(long job, long workspace, Priority priority, int chunks) {
        queues.open(job, workspace, priority);
        queues.publish(job, workspace, LongStream.range(0, chunks).boxed().toList());
    }

    private List<Taken> takeOneByOne(int count) {
        List<Taken> taken = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            taken.addAll(queues.take("node", 1));
        }
        return taken;
    }

    private static String namespaceOf(JobQueues queues) {
        return queues.namespace();
    }
}

package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.campaigns.Reservation;
import io.mailgenius.jobs.delivery.SendCheckpoint.Planned;
import io.mailgenius.jobs.delivery.SendCheckpoint.Reserved;
import io.mailgenius.jobs.delivery.SendCheckpoint.Splitting;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The literal JSON is what earlier versions have stored: chunks of them are in the ledger. */
class SendCheckpointsTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05.678901Z");

    private final SendCheckpoints checkpoints = new SendCheckpoints(JSON);

    static Stream<Arguments> stored() {
        Instant at = Instant.parse("2026-01-02T03:00:00Z");
        LocalDate day = LocalDate.parse("2026-01-02");
        return Stream.of(
                Arguments.of("{\"skipped\":{}}", Reserved.NOTHING),
                Arguments.of(
                        "{\"skipped\":{},\"permit\":{\"at\":\"2026-01-02T03:00:00Z\",\"day\":\"2026-01-02\"}}",
                        new Reserved(new Reservation(at, day, null), 0)),
                Arguments.of(
                        "{\"skipped\":{},\"permit\":{\"appointment\":\"2026-01-02T03:00:00Z\"},\"halts\":2}",
                        new Reserved(new Reservation(null, null, at), 2)),
                Arguments.of("{\"skipped\":{},\"halts\":1}", new Reserved(Reservation.NONE, 1)),
                Arguments.of(
                        "{\"since\":\"2026-01-02T03:04:05.678901Z\",\"skipped\":{}}",
                        new Planned(SINCE, Map.of(), Reservation.NONE, 0)),
                Arguments.of(
                        "{\"since\":\"2026-01-02T03:04:05.678901Z\",\"skipped\":{\"7\":\"is unsubscribed\"},\"permit\":{\"day\":\"2026-01-02\"},\"halts\":1}",
                        new Planned(
                                SINCE,
                                Map.of(7L, "is unsubscribed"),
                                new Reservation(null, day, null),
                                1)),
                Arguments.of(
                        "{\"since\":\"2026-01-02T03:04:05.678901Z\",\"skipped\":{\"7\":\"contact is deleted\"},\"permit\":{\"at\":\"2026-01-02T03:00:00Z\"},\"refused\":[\"key-0-0\",\"key-0-0a\"],\"halts\":3}",
                        new Splitting(
                                SINCE,
                                Map.of(7L, "contact is deleted"),
                                new Reservation(at, null, null),
                                3,
                                Set.of("key-0-0", "key-0-0a"))));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void a_stored_checkpoint_is_read_as_its_state(String stored, SendCheckpoint state) {
        assertThat(checkpoints.read(stored)).isEqualTo(state);
    }

    /** Nodes of the version before read it during an upgrade. */
    @ParameterizedTest
    @MethodSource("stored")
    void a_state_is_written_in_the_form_in_which_it_was_always_stored(
            String stored, SendCheckpoint state) {
        assertThat(JSON.readTree(checkpoints.write(state))).isEqualTo(JSON.readTree(stored));
    }

    /** A checkpoint whose reservation was taken back was stored like this. */
    @Test
    void an_empty_reservation_is_none() {
        assertThat(checkpoints.read("{\"skipped\":{},\"permit\":{}}")).isEqualTo(Reserved.NOTHING);
    }

    @Test
    void an_empty_set_of_refused_batches_is_a_plan() {
        assertThat(
                        checkpoints.read(
                                "{\"since\":\"2026-01-02T03:04:05.678901Z\",\"skipped\":{},\"refused\":[]}"))
                .isEqualTo(new Planned(SINCE, Map.of(), Reservation.NONE, 0));
    }

    @Test
    void a_split_keeps_what_was_planned_and_split_before() {
        Planned planned = new Planned(SINCE, Map.of(7L, "why"), Reservation.NONE, 1);

        assertThat(planned.split("key-0").split("key-0a"))
                .isEqualTo(
                        new Splitting(
                                SINCE,
                                Map.of(7L, "why"),
                                Reservation.NONE,
                                1,
                                Set.of("key-0", "key-0a")));
    }

    @Test
    void a_halt_before_anything_was_taken_starts_the_chunk_over() {
        Splitting splitting =
                new Splitting(
                        SINCE, Map.of(), new Reservation(SINCE, null, null), 1, Set.of("key-0"));

        assertThat(splitting.after(new BatchSender.Halted("no", true, true)))
                .isEqualTo(new Reserved(Reservation.NONE, 2));
        assertThat(splitting.after(new BatchSender.Halted("no", true, false)))
                .isEqualTo(new Reserved(Reservation.NONE, 1));
    }

    @Test
    void a_halt_after_something_may_have_been_taken_keeps_the_plan() {
        Planned planned = new Planned(SINCE, Map.of(7L, "why"), Reservation.NONE, 0);

        assertThat(planned.after(new BatchSender.Halted("no", false, false))).isEqualTo(planned);
        assertThat(planned.after(new BatchSender.Halted("no", false, true)))
                .isEqualTo(planned.haltedAgain());
    }
}

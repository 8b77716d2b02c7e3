package io.mailgenius.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {

    private static final Duration SIX_MINUTES = Duration.ofMinutes(6);

    /** All that need no servers of their own. */
    private static final Set<FaultKind> USUAL =
            EnumSet.complementOf(
                    EnumSet.of(
                            FaultKind.PROMOTE_STANDBY,
                            FaultKind.FILL_DISK,
                            FaultKind.SKEW_WORKER_CLOCK,
                            FaultKind.SKEW_MANAGER_CLOCK,
                            FaultKind.PROVIDER_ERRORS,
                            FaultKind.PROVIDER_TRUNCATED,
                            FaultKind.PROVIDER_LATE));

    @Test
    void the_same_seed_gives_the_same_plan_and_another_seed_another_one() {
        assertThat(plan(new Course.Many(), 1, SIX_MINUTES))
                .isEqualTo(plan(new Course.Many(), 1, SIX_MINUTES));
        assertThat(plan(new Course.Many(), 2, SIX_MINUTES))
                .isNotEqualTo(plan(new Course.Many(), 1, SIX_MINUTES));
    }

    @Test
    void six_minutes_have_25_kills_and_pauses_and_every_kind_of_fault() {
        List<FaultKind> kinds = kinds(plan(new Course.Many(), 1, SIX_MINUTES));
        assertThat(kinds).filteredOn(it -> it.name().matches("(KILL|PAUSE)_.*")).hasSize(25);
        assertThat(EnumSet.copyOf(kinds)).isEqualTo(USUAL);
    }

    @Test
    void a_longer_run_has_more_faults_and_a_shorter_one_still_all_kinds() {
        assertThat(plan(new Course.Many(), 1, SIX_MINUTES.multipliedBy(10)).faults()).hasSize(500);
        assertThat(kinds(plan(new Course.Many(), 1, Duration.ofMinutes(1))))
                .containsExactlyInAnyOrderElementsOf(USUAL);
    }

    @Test
    void the_short_form_has_each_kind_that_matters_most() {
        assertThat(kinds(plan(new Course.Few(), 1, Duration.ofMinutes(1))))
                .containsExactlyInAnyOrder(
                        FaultKind.KILL_WORKER,
                        FaultKind.KILL_MANAGER,
                        FaultKind.PAUSE_WORKER,
                        FaultKind.FLUSH_REDIS,
                        FaultKind.RESTART_POSTGRES);
    }

    @Test
    void silent_faults_come_in_rounds_of_each_once() {
        List<FaultKind> one = kinds(plan(Course.rounds(true, false), 1, Duration.ofMinutes(1)));
        assertThat(one).doesNotHaveDuplicates().hasSize(11);
        assertThat(one)
                .allMatch(it -> it.name().matches("(FORGET|STALL|CUT|LOCK|TAKE|PROVIDER)_.*"));
        assertThat(kinds(plan(Course.rounds(true, false), 1, SIX_MINUTES))).hasSize(33);
    }

    @Test
    void outages_are_what_servers_clocks_and_the_provider_do() {
        List<FaultKind> outages = kinds(plan(Course.rounds(false, true), 1, Duration.ofMinutes(1)));
        assertThat(outages).doesNotHaveDuplicates().hasSize(10);
        assertThat(outages)
                .allMatch(it -> it.name().matches("(PROMOTE|FILL|LOCK|TAKE|SKEW|PROVIDER)_.*"));
    }

    @Test
    void silent_faults_and_outages_together_are_every_kind_that_ends_no_process() {
        List<FaultKind> all = kinds(plan(Course.rounds(true, true), 1, Duration.ofMinutes(1)));
        assertThat(all).doesNotHaveDuplicates().hasSize(18);
        assertThat(Course.rounds(true, true).needsSpares()).isTrue();
        assertThat(Course.rounds(true, false).needsSpares()).isFalse();
    }

    private static List<FaultKind> kinds(ChaosPlan plan) {
        return plan.faults().stream().map(Fault::kind).toList();
    }

    @Test
    void faults_come_one_after_the_other_and_leave_the_end_in_peace() {
        List<Duration> moments =
                plan(new Course.Many(), 3, SIX_MINUTES).faults().stream().map(Fault::at).toList();
        assertThat(moments).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(moments.getLast()).isLessThan(Duration.ofSeconds(324));
    }

    @Test
    void pauses_are_longer_than_a_lease_or_shorter_as_their_name_says() {
        assertThat(plan(new Course.Many(), 4, SIX_MINUTES.multipliedBy(10)).faults())
                .filteredOn(it -> it.kind().name().startsWith("PAUSE"))
                .allSatisfy(
                        it -> {
                            boolean shortly = it.kind() == FaultKind.PAUSE_SHORTLY;
                            assertThat(it.lasts().compareTo(Duration.ofSeconds(10)) < 0)
                                    .as("%s lasts %s", it.kind(), it.lasts())
                                    .isEqualTo(shortly);
                        });
    }

    private static ChaosPlan plan(Course course, long seed, Duration over) {
        return ChaosPlan.of(new Order(1_000, over, seed, course, Path.of("nowhere"), List.of()));
    }
}

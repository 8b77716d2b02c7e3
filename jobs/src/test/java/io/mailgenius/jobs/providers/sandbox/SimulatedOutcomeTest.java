package io.mailgenius.jobs.providers.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedOutcomeTest {

    private static final Instant ACCEPTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = ACCEPTED.plusSeconds(3600);

    private static final List<List<MailEvent>> FATES =
            IntStream.range(0, 100_000)
                    .mapToObj(
                            i ->
                                    SimulatedOutcome.of(
                                            mail(1 + i / 100, i % 100, "a@b.example"), LATER))
                    .toList();

    private static SandboxMail mail(long batch, int index, String to) {
        return new SandboxMail(
                new MailId(batch, index).uuid(),
                ACCEPTED,
                "k",
                "news@acme.example",
                List.of(to),
                "s",
                "<a href=\"https://acme.example/u/1\">leave</a>"
                        + "<a href=\"https://acme.example/a?b=1&amp;c=2\">go</a>",
                null,
                List.of(),
                Map.of(),
                Map.of());
    }

    private static double share(Predicate<MailEvent> of) {
        return FATES.stream().filter(fate -> fate.stream().anyMatch(of)).count()
                / (double) FATES.size();
    }

    @Test
    void the_shares_are_lifelike() {
        double delivered = share(MailEvent.Delivered.class::isInstance);
        double opened = share(MailEvent.Opened.class::isInstance);

        assertThat(share(it -> it instanceof MailEvent.Bounced(_, boolean forGood) && forGood))
                .isEqualTo(0.01, within(0.002));
        assertThat(share(it -> it instanceof MailEvent.Bounced(_, boolean forGood) && !forGood))
                .isEqualTo(0.005, within(0.002));
        assertThat(delivered).isGreaterThan(0.975);
        assertThat(opened / delivered).isEqualTo(0.38, within(0.01));
        assertThat(share(it -> it instanceof MailEvent.Opened(_, int time) && time > 1) / opened)
                .isEqualTo(0.25, within(0.02));
        assertThat(share(MailEvent.Clicked.class::isInstance) / opened)
                .isEqualTo(0.12, within(0.01));
        assertThat(share(MailEvent.Complained.class::isInstance)).isEqualTo(0.0005, within(0.0003));
    }

    @Test
    void each_mail_arrives_or_bounces_and_does_so_first() {
        assertThat(FATES)
                .allMatch(
                        fate ->
                                fate.getFirst() instanceof MailEvent.Delivered
                                        || fate.getFirst() instanceof MailEvent.Bounced);
        assertThat(FATES)
                .filteredOn(fate -> fate.getFirst() instanceof MailEvent.Bounced)
                .allMatch(fate -> fate.size() == 1);
    }

    @Test
    void events_of_a_mail_follow_each_other_and_have_names_of_their_own() {
        assertThat(FATES.subList(0, 2_000))
                .allSatisfy(
                        fate -> {
                            assertThat(fate).extracting(MailEvent::at).isSorted();
                            assertThat(fate).extracting(MailEvent::name).doesNotHaveDuplicates();
                            assertThat(fate.getFirst().at()).isAfter(ACCEPTED);
                        });
    }

    @Test
    void the_same_mail_meets_the_same_fate() {
        assertThat(
                        IntStream.range(0, 100)
                                .mapToObj(
                                        i -> SimulatedOutcome.of(mail(1, i, "a@b.example"), LATER)))
                .isEqualTo(FATES.subList(0, 100));
    }

    @Test
    void nothing_happens_in_the_future() {
        Instant now = ACCEPTED.plusMillis(500);

        IntStream.range(0, 1000)
                .mapToObj(i -> SimulatedOutcome.of(mail(i, 0, "a@b.example"), now))
                .forEach(fate -> assertThat(fate).allMatch(it -> !it.at().isAfter(now)));
    }

    @Test
    void a_click_follows_a_link_of_the_mail_that_does_not_leave() {
        assertThat(FATES.stream().flatMap(List::stream))
                .filteredOn(MailEvent.Clicked.class::isInstance)
                .isNotEmpty()
                .allSatisfy(
                        it ->
                                assertThat(((MailEvent.Clicked) it).link())
                                        .isEqualTo("https://acme.example/a?b=1&c=2"));
    }

    @Test
    void recipients_at_resend_dev_choose_their_fate() {
        assertThat(SimulatedOutcome.of(mail(1, 1, "bounced+label@resend.dev"), LATER))
                .singleElement()
                .isInstanceOf(MailEvent.Bounced.class);
        assertThat(SimulatedOutcome.of(mail(1, 1, "complained@resend.dev"), LATER))
                .hasAtLeastOneElementOfType(MailEvent.Complained.class);
        assertThat(SimulatedOutcome.of(mail(1, 1, "delivered@resend.dev"), LATER))
                .singleElement()
                .isInstanceOf(MailEvent.Delivered.class);
    }
}

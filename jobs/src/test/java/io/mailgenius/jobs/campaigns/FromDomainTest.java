package io.mailgenius.jobs.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.SenderDomains.Answer;
import io.mailgenius.jobs.providers.SenderDomains.Domain;
import io.mailgenius.jobs.providers.SenderDomains.Standing;
import io.mailgenius.jobs.templates.Finding;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FromDomainTest {

    private static final Answer LISTED =
            new Answer.Listed(
                    List.of(
                            domain("acme.example", "verified", Standing.SENDS),
                            domain("bücher.example", "verified", Standing.SENDS),
                            domain("shaky.example", "temporary_failure", Standing.SENDS_FOR_NOW),
                            domain("new.example", "pending", Standing.DOES_NOT_SEND)));

    private static Domain domain(String name, String status, Standing standing) {
        return new Domain(name, status, null, standing);
    }

    @ParameterizedTest
    @CsvSource({
        "News <news@acme.example>, ''",
        "news@ACME.example, ''",
        "news@xn--bcher-kva.example, ''",
        "News <news@shaky.example>, WARNING from-domain-not-verified",
        "news@new.example, ERROR from-domain-not-verified",
        "news@other.example, ERROR from-domain-not-verified",
        "news@mail.acme.example, ERROR from-domain-not-verified",
        "news@notacme.example, ERROR from-domain-not-verified",
    })
    void a_campaign_goes_out_from_a_verified_domain_only(String from, String found) {
        assertThat(found(from, LISTED, LISTED)).isEqualTo(found);
    }

    @Test
    void whoever_verifies_a_domain_need_not_wait_for_the_list_to_be_forgotten() {
        Answer verified =
                new Answer.Listed(List.of(domain("new.example", "verified", Standing.SENDS)));

        assertThat(found("news@new.example", LISTED, verified)).isEmpty();
    }

    @Test
    void what_could_not_be_asked_keeps_nothing_from_going_out() {
        Answer away = new Answer.NotAsked("Not reachable");

        assertThat(found("news@new.example", away)).isEqualTo("WARNING domains-not-checked");
        assertThat(found("news@new.example", LISTED, away))
                .isEqualTo("WARNING domains-not-checked");
    }

    @Test
    void with_nothing_to_verify_there_is_nothing_to_find() {
        assertThat(found("news@new.example", new Answer.Every("sandbox"))).isEmpty();
    }

    private static String found(String from, Answer... answers) {
        Deque<Answer> told = new ArrayDeque<>(Arrays.asList(answers));
        SenderDomains domains =
                new SenderDomains() {
                    @Override
                    public Answer ask() {
                        return told.remove();
                    }

                    @Override
                    public Answer askAgain() {
                        return told.remove();
                    }
                };
        return FromDomain.finding(from, domains).map(FromDomainTest::words).orElse("");
    }

    private static String words(Finding finding) {
        assertThat(finding.where()).isEqualTo("from");
        return finding.severity() + " " + finding.code();
    }
}

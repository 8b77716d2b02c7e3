package io.mailgenius.jobs.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "Password123456!",
                "qwertyuiopasdfghjkl",
                "123456789012",
                "aaaaaaaabbbbbbbb",
                "Ada@Example.com"
            })
    void what_is_guessed_first_is_refused(String password) {
        assertThatThrownBy(() -> new Passwords(1, 0).requireGood(password, "ada@example.com"))
                .isInstanceOf(Refusal.Invalid.class);
    }

    @Test
    void a_password_is_stored_as_an_argon2id_hash_of_its_own() {
        Passwords passwords = new Passwords(1, 10_000);

        String hash = passwords.hash("four words for once");

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(passwords.hash("four words for once")).isNotEqualTo(hash);
        assertThat(passwords.matches("four words for once", hash)).isTrue();
        assertThat(passwords.matches("four words for twice", hash)).isFalse();
        assertThat(passwords.matches("four words for once", null)).isFalse();
    }

    /** However many ask, the node computes no more than it is allowed to. */
    @Test
    void who_finds_no_turn_is_told_so_instead_of_taking_the_cpu() throws Exception {
        Passwords passwords = new Passwords(1, 0);
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<Boolean>> asked = new ArrayList<>();
        try (ExecutorService people = Executors.newFixedThreadPool(20)) {
            for (int person = 0; person < 20; person++) {
                asked.add(
                        people.submit(
                                () -> {
                                    begin.await();
                                    try {
                                        passwords.hash("four words for once");
                                        return true;
                                    } catch (Passwords.Busy busy) {
                                        return false;
                                    }
                                }));
            }
            begin.countDown();
            int computed = 0;
            for (Future<Boolean> answer : asked) {
                computed += answer.get() ? 1 : 0;
            }
            assertThat(computed).isBetween(1, 19);
        }
    }
}

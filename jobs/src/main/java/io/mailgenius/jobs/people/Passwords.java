package io.mailgenius.jobs.people;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes passwords with Argon2id, 19 MiB and two passes as OWASP recommends. Only one in two cores
 * computes hashes, so that sign-ins cannot take a node's CPU from its other work.
 */
@Component
public class Passwords {

    public static final int SHORTEST = 12;
    static final int LONGEST = 200;

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;

    private final Argon2PasswordEncoder argon2 =
            new Argon2PasswordEncoder(16, 32, 1, MEMORY_KIB, PASSES);
    private final Semaphore permits;
    private final long patienceMillis;
    private final Set<String> common = common();

    /** Of nobody: compared with when there is no such person, which then takes as long. */
    private volatile @Nullable String nobody;

    public Passwords() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 2_000);
    }

    /**
     * @param concurrency hashes that are computed at a time
     * @param patienceMillis how long a caller waits for its turn
     */
    Passwords(int concurrency, long patienceMillis) {
        this.permits = new Semaphore(concurrency, true);
        this.patienceMillis = patienceMillis;
    }

    /** Too many passwords are being checked: nothing was decided. */
    public static final class Busy extends RuntimeException {
        Busy() {
            super("Too many people sign in at this moment", null, false, false);
        }
    }

    private static Set<String> common() {
        try (InputStream list = Passwords.class.getResourceAsStream("common-passwords.txt");
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(list), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param person words about the person, which the password must not consist of
     * @throws Refusal.Invalid if it is too short, too long or easily guessed
     */
    void requireGood(String password, String... person) {
        if (password.codePointCount(0, password.length()) < SHORTEST
                || password.length() > LONGEST) {
            throw new Refusal.Invalid(
                    "password-length",
                    "A password has %d to %d characters.".formatted(SHORTEST, LONGEST));
        }
        String plain = password.toLowerCase(Locale.ROOT);
        String letters = plain.replaceAll("[^a-z]+$|^[^a-z]+", "");
        boolean guessed =
                common.contains(plain)
                        || common.contains(letters)
                        || plain.chars().distinct().count() < 5;
        for (String word : person) {
            guessed |= plain.equals(word.toLowerCase(Locale.ROOT));
        }
        if (guessed) {
            throw new Refusal.Invalid(
                    "password-common",
                    "This password is among the first that are guessed: choose another, such as"
                            + " four words that do not belong together.");
        }
    }

    String hash(String password) {
        return permitted(() -> hashNow(password));
    }

    private String hashNow(String password) {
        return Objects.requireNonNull(argon2.encode(password));
    }

    /**
     * @param hash null if there is no such person
     */
    boolean matches(String password, @Nullable String hash) {
        if (password.length() > LONGEST) {
            return false;
        }
        return permitted(() -> argon2.matches(password, hash == null ? nobody() : hash))
                && hash != null;
    }

    private String nobody() {
        String known = nobody;
        if (known == null) {
            known = hashNow("of nobody");
            nobody = known;
        }
        return known;
    }

    private <T> T permitted(Supplier<T> work) {
        try {
            if (!permits.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) {
                throw new Busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Busy();
        }
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }
}

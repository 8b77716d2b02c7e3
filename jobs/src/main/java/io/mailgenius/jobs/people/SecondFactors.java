package io.mailgenius.jobs.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.samstevens.totp.code.CodeGenerator;
import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.exceptions.CodeGenerationException;
import dev.samstevens.totp.secret.DefaultSecretGenerator;
import io.mailgenius.jobs.people.PersonStore.Person;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.SecretToken;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The second factor of a person: codes of an authenticator app (TOTP, RFC 6238), and recovery codes
 * in their place. The secret that app and server share is stored encrypted.
 */
@Component
public class SecondFactors {

    private static final int RECOVERY_CODES = 10;
    private static final long STEP_SECONDS = 30;

    private final PersonStore store;
    private final SecretEncryption encryption;
    private final PersonSessions sessions;
    private final AccessChanges changes;
    private final Clock clock;
    private final CodeGenerator codes = new DefaultCodeGenerator();
    private final DefaultSecretGenerator secrets = new DefaultSecretGenerator();

    SecondFactors(
            PersonStore store,
            SecretEncryption encryption,
            PersonSessions sessions,
            AccessChanges changes,
            Clock clock) {
        this.store = store;
        this.encryption = encryption;
        this.sessions = sessions;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * What an authenticator app needs.
     *
     * @param secret in Base32, to be typed
     * @param uri {@code otpauth://…}, to be opened on the device
     */
    public record Setup(String secret, String uri) {}

    /**
     * Makes a secret, which is of no use until {@link #confirm}.
     *
     * @throws Refusal.Conflict if the person has a second factor
     */
    public Setup begin(long personId) {
        String secret = secrets.generate();
        byte[] encrypted = encryption.encrypt(secret.getBytes(UTF_8), purpose(personId));
        Person person =
                store.identified(
                        () -> {
                            Person known = require(personId);
                            if (known.totp()) {
                                throw new Refusal.Conflict(
                                        "second-factor-there",
                                        "You have an authenticator app: remove it before you set up another.");
                            }
                            store.setTotp(personId, encrypted);
                            return known;
                        });
        String uri =
                "otpauth://totp/MailGenius:%s?secret=%s&issuer=MailGenius"
                        .formatted(
                                URLEncoder.encode(person.email(), UTF_8).replace("+", "%20"),
                                secret);
        return new Setup(secret, uri);
    }

    /**
     * Puts the secret into force, by the first code that the app shows.
     *
     * @return recovery codes, shown this once
     * @throws Refusal.Invalid if the code is wrong
     */
    public List<String> confirm(long personId, String code) {
        List<String> recovery =
                Stream.generate(() -> SecretToken.create().replaceAll("[^A-Za-z0-9]", ""))
                        .map(token -> token.substring(0, 16).toLowerCase(Locale.ROOT))
                        .limit(RECOVERY_CODES)
                        .toList();
        store.identified(
                () -> {
                    if (require(personId).totp() || !takeCode(personId, code)) {
                        throw wrongCode();
                    }
                    store.confirmTotp(
                            personId,
                            clock.instant(),
                            recovery.stream().map(SecretToken::hash).toList());
                    return personId;
                });
        changes.changed();
        return recovery;
    }

    /** Whether the person has an authenticator app. */
    public boolean hasApp(long personId) {
        return store.identified(() -> require(personId).totp());
    }

    /** Whether this is the code of now, or a recovery code; each is taken once. */
    public boolean verify(long personId, String code) {
        String plain = code.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
        return store.identified(
                () ->
                        require(personId).totp()
                                && (takeCode(personId, plain)
                                        || store.takeRecoveryCode(
                                                personId, SecretToken.hash(plain))));
    }

    /**
     * Takes the second factor away, and ends the person's sessions.
     *
     * @throws Refusal.Invalid if the code is wrong
     */
    public void remove(long personId, String code) {
        if (!verify(personId, code)) {
            throw wrongCode();
        }
        store.identified(
                () -> {
                    store.setTotp(personId, null);
                    sessions.endAll(personId);
                    return personId;
                });
        changes.changed();
    }

    private boolean takeCode(long personId, String code) {
        String secret =
                store.totpSecret(personId)
                        .map(encrypted -> encryption.decrypt(encrypted, purpose(personId)))
                        .map(bytes -> new String(bytes, UTF_8))
                        .orElse("");
        OptionalLong step = secret.isEmpty() ? OptionalLong.empty() : stepOf(secret, code);
        return step.isPresent() && store.takeStep(personId, step.getAsLong());
    }

    /** Clocks may differ by one step. */
    private OptionalLong stepOf(String secret, String code) {
        long now = clock.instant().getEpochSecond() / STEP_SECONDS;
        return LongStream.rangeClosed(now - 1, now + 1)
                .filter(
                        step ->
                                MessageDigest.isEqual(
                                        code(secret, step).getBytes(UTF_8),
                                        code.strip().getBytes(UTF_8)))
                .findFirst();
    }

    private String code(String secret, long step) {
        try {
            return codes.generate(secret, step);
        } catch (CodeGenerationException e) {
            throw new IllegalStateException("The secret was made for it", e);
        }
    }

    private static Refusal.Invalid wrongCode() {
        return new Refusal.Invalid(
                "code-wrong", "This is not the code of now: wait for the next one and enter that.");
    }

    private Person require(long personId) {
        return store.byId(personId)
                .filter(Person::active)
                .orElseThrow(() -> new Refusal.NotFound("person", personId));
    }

    private static String purpose(long personId) {
        return "totp of person " + personId;
    }
}

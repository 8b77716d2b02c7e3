package io.mailgenius.jobs.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mailgenius.jobs.people.PersonMailStore.Due;
import io.mailgenius.jobs.people.PersonMailStore.MailKind;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.SecretToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Mails to people, through the account of the installation: links to another password, and
 * invitations. A request stores the mail, and a task sends it: so the request neither waits for the
 * provider nor shows by its time whether there is such a person. After a crash the same mail is
 * repeated under the same key.
 */
@Component
public class PersonMails {

    private static final Logger LOG = LoggerFactory.getLogger(PersonMails.class);

    private static final int AT_ONCE = 100;

    /** A link lasts a week, but a provider recognises a key for a day only. */
    private static final Duration INVITATIONS_TRIED = Duration.ofHours(22);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final PersonStore people;
    private final PersonMailStore mails;
    private final SecretEncryption encryption;
    private final Provider provider;
    private final Clock clock;

    private final String from;
    private final String publicUrl;

    /**
     * @param provider the account of the installation
     * @param from the sender; empty if people get no mails
     */
    PersonMails(
            PersonStore people,
            PersonMailStore mails,
            SecretEncryption encryption,
            Provider provider,
            Clock clock,
            @Value("${mailgenius.mail-from:}") String from,
            @Value("${mailgenius.public-url:http://localhost:8080}") String publicUrl) {
        this.people = people;
        this.mails = mails;
        this.encryption = encryption;
        this.provider = provider;
        this.clock = clock;
        this.from = from;
        this.publicUrl = publicUrl;
    }

    /** Whether this installation mails people at all. */
    public boolean enabled() {
        return !from.isEmpty();
    }

    private void requireEnabled() {
        if (!enabled()) {
            throw new Refusal.Conflict(
                    "mail-not-set-up",
                    "This installation mails nobody, because its operator has not set"
                            + " MAILGENIUS_MAIL_FROM: pass the link on yourself.");
        }
    }

    /**
     * Mails a link to another password, if there is such a person. Does the same for an address
     * that nobody has.
     *
     * @throws Refusal.Invalid if this is no address
     */
    public void requestReset(String email) {
        requireEnabled();
        String address = Identities.normal(email);
        Identities.requireAddress(address);
        enqueue(MailKind.PASSWORD_RESET, address, SecretToken.create(), null);
    }

    /** Mails the link of an invitation, in the transaction that makes it. */
    void invite(String email, String token, String workspaceName) {
        requireEnabled();
        enqueue(MailKind.INVITATION, email, token, workspaceName);
    }

    private void enqueue(
            MailKind kind, String email, String token, @Nullable String workspaceName) {
        UUID sendKey = UUID.randomUUID();
        byte[] encrypted = encryption.encrypt(token.getBytes(UTF_8), purpose(sendKey));
        people.identified(
                () -> {
                    mails.insert(kind, email, encrypted, sendKey, workspaceName, clock.instant());
                    return sendKey;
                });
    }

    private static String purpose(UUID sendKey) {
        return "person-mail " + sendKey;
    }

    /** Called periodically by one node at a time. */
    void sendDue() {
        if (!enabled()) {
            return;
        }
        Instant now = clock.instant();
        List<Long> due =
                people.identified(
                        () -> {
                            mails.removeUseless(now, Identities.RESET_TIME, INVITATIONS_TRIED);
                            return mails.due(now, AT_ONCE);
                        });
        due.forEach(this::send);
    }

    private record Begun(Due due, String token) {}

    private void send(long id) {
        Optional<Begun> begun = people.identified(() -> begin(id));
        if (begun.isEmpty()) {
            return;
        }
        Due due = begun.get().due();
        String key = "person-mail-" + due.sendKey();
        Mail mail = written(due, begun.get().token());
        switch (provider.send(new MailBatch(key, List.of(mail)))) {
            case BatchOutcome.Accepted _, BatchOutcome.AcceptedBefore _ -> end(due);
            case BatchOutcome.Refused(String reason) -> {
                LOG.warn("The provider refused a mail to a person: {}", reason);
                end(due);
            }
            case BatchOutcome.Deferred(Duration pause, String _) -> postpone(due, pause);
            case BatchOutcome.Halted(String reason) -> {
                LOG.warn("The provider takes no mails to people: {}", reason);
                postpone(due, LONGEST_PAUSE);
            }
            // The next attempt was planned when this one began.
            case BatchOutcome.Unknown _ -> {}
        }
    }

    /**
     * The link works from the first attempt on. A later one must not make it work again, because it
     * may have been used meanwhile.
     */
    private Optional<Begun> begin(long id) {
        Instant now = clock.instant();
        Optional<Due> begun = mails.begin(id);
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        Due due = begun.get();
        mails.postpone(id, now.plus(pause(due.attempts())));
        String token = new String(encryption.decrypt(due.token(), purpose(due.sendKey())), UTF_8);
        if (due.kind() == MailKind.PASSWORD_RESET && due.attempts() == 0) {
            Instant until = due.createdAt().plus(Identities.RESET_TIME);
            people.byEmail(due.email())
                    .ifPresent(
                            person ->
                                    people.insertReset(
                                            SecretToken.hash(token), person.id(), until));
        }
        return Optional.of(new Begun(due, token));
    }

    private static Duration pause(int attempts) {
        Duration doubled = Duration.ofSeconds(2L << Math.min(attempts, 10));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void end(Due due) {
        people.identified(
                () -> {
                    mails.delete(due.id());
                    return due;
                });
    }

    private void postpone(Due due, Duration pause) {
        people.identified(
                () -> {
                    mails.postpone(due.id(), clock.instant().plus(pause));
                    return due;
                });
    }

    private Mail written(Due due, String token) {
        return switch (due.kind()) {
            case PASSWORD_RESET ->
                    mail(
                            due,
                            "Set another password",
                            """
                            Somebody asked for another password for %s at %s.

                            Set it within an hour, at this address, which works once:

                            %s/reset/%s

                            If it was not you, do nothing: your password stays as it is.
                            """
                                    .formatted(due.email(), publicUrl, publicUrl, token));
            case INVITATION ->
                    mail(
                            due,
                            "Invitation to MailGenius",
                            """
                            You are invited to the workspace "%s" of MailGenius at %s.

                            Join within a week, at this address, which works once:

                            %s/join/%s

                            If you do not know who invites you, do nothing.
                            """
                                    .formatted(
                                            oneLine(due.workspaceName()),
                                            publicUrl,
                                            publicUrl,
                                            token));
        };
    }

    /** A workspace's name is its people's to choose, so it must not look like a text of ours. */
    private static String oneLine(@Nullable String name) {
        String line = name == null ? "" : name.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 80 ? line.substring(0, 80) + "…" : line;
    }

    private Mail mail(Due due, String subject, String text) {
        return new Mail(from, due.email(), subject, null, text, null, Map.of(), Map.of());
    }
}

package io.mailgenius.jobs.people;

import io.mailgenius.jobs.people.PersonStore.Person;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.SecretToken;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.ActorScope.Kind;
import io.mailgenius.schema.MemberRole;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who somebody is: passwords, invitations that are accepted, and the workspaces of a person. */
@Component
public class Identities {

    /** How long the link to another password works. */
    public static final Duration RESET_TIME = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final PersonStore store;
    private final Passwords passwords;
    private final PersonSessions sessions;
    private final AccessChanges changes;
    private final MemberCache memory;
    private final Clock clock;

    Identities(
            JdbcClient jdbc,
            PersonStore store,
            Passwords passwords,
            PersonSessions sessions,
            AccessChanges changes,
            Clock clock) {
        this.jdbc = jdbc;
        this.store = store;
        this.passwords = passwords;
        this.sessions = sessions;
        this.changes = changes;
        this.memory = new MemberCache(clock);
        this.clock = clock;
        changes.listen(memory::clear);
    }

    /**
     * Takes as long for an address that nobody has.
     *
     * @throws Passwords.Busy if too many passwords are being checked
     */
    public SignInResult signIn(String email, String password) {
        Optional<Person> person =
                email.indexOf('\0') < 0
                        ? store.identified(() -> store.byEmail(normal(email)))
                        : Optional.empty();
        boolean matches =
                passwords.matches(password, person.map(Person::passwordHash).orElse(null));
        if (!matches || !person.get().active()) {
            return new SignInResult.Refused();
        }
        Person known = person.get();
        return new SignInResult.Accepted(known.id(), known.email(), known.secondFactor());
    }

    /** Writes down that a person has signed in, with all factors. */
    public void signedIn(long personId) {
        store.identified(
                () -> {
                    store.signedIn(personId, clock.instant());
                    return personId;
                });
    }

    /** The workspaces of a person who may sign in, each with what the person may do there. */
    public List<MemberPrincipal> workspaces(long personId) {
        return jdbc.sql(
                        """
                        SELECT workspace_id, workspace_name, role, may_send, suspended, email,
                               second_factor, requires_second_factor
                          FROM workspaces_of_person(:person)
                        """)
                .param("person", personId)
                .query(
                        (row, _) ->
                                new MemberPrincipal(
                                        personId,
                                        row.getLong("workspace_id"),
                                        row.getString("workspace_name"),
                                        row.getString("email"),
                                        MemberRole.valueOf(row.getString("role")),
                                        row.getBoolean("may_send"),
                                        row.getBoolean("suspended"),
                                        row.getBoolean("second_factor"),
                                        row.getBoolean("requires_second_factor")))
                .list();
    }

    /** A person in a workspace; remembered for a few seconds, and forgotten when that changes. */
    public Optional<MemberPrincipal> member(long personId, long workspaceId) {
        return memory.get(personId, workspaceId, () -> workspaces(personId));
    }

    /** To where an invitation leads. */
    public record Invited(long workspaceId, String workspaceName, Optional<String> email) {}

    public Optional<Invited> invited(String token) {
        return jdbc.sql(
                        """
                        SELECT workspace_id, workspace_name, email FROM workspace_of_invitation(:hash)
                        """)
                .param("hash", SecretToken.hash(token))
                .query(
                        (row, _) ->
                                new Invited(
                                        row.getLong("workspace_id"),
                                        row.getString("workspace_name"),
                                        Optional.ofNullable(row.getString("email"))))
                .optional();
    }

    /**
     * Accepts an invitation: a person who is known proves it by the password; anybody else begins
     * with it.
     *
     * @return the person
     * @throws Refusal.Invalid if the invitation is over, or the password does not do
     */
    public long accept(String token, String email, String name, String password) {
        Invited invited = invited(token).orElseThrow(Identities::invitationOver);
        String address = normal(invited.email().orElse(email));
        requireAddress(address);
        Optional<Person> known = store.identified(() -> store.byEmail(address));
        String hash = known.isEmpty() ? newHash(password, address, name) : "";
        if (known.isPresent()
                && (!passwords.matches(password, known.get().passwordHash())
                        || !known.get().active())) {
            throw new Refusal.Invalid(
                    "password-wrong",
                    "There is a person with this address already: enter that person's password.");
        }
        Actor actor = new Actor(Kind.PERSON, null, address, null, null);
        return WorkspaceScope.call(
                invited.workspaceId(),
                () ->
                        ActorScope.call(
                                actor,
                                () ->
                                        store.identified(
                                                () -> join(token, known, address, name, hash))));
    }

    private long join(
            String token, Optional<Person> known, String address, String name, String hash) {
        long person =
                known.map(Person::id)
                        .orElseGet(() -> store.insert(address, requireName(name), hash));
        join(token, person);
        return person;
    }

    /** The update decides which of two that use the same link at the same time is the one. */
    private void join(String token, long person) {
        int joined =
                jdbc.sql(
                                """
                                WITH accepted AS (
                                    UPDATE invitation SET accepted_at = :now
                                     WHERE workspace_id = :workspace AND token_hash = :hash
                                       AND accepted_at IS NULL AND expires_at > :now
                                    RETURNING role, may_send)
                                INSERT INTO membership (workspace_id, person_id, role, may_send)
                                SELECT :workspace, :person, role, may_send FROM accepted
                                ON CONFLICT (workspace_id, person_id)
                                DO UPDATE SET role = membership.role
                                """)
                        .param("now", PersonStore.utc(clock.instant()))
                        .param("workspace", WorkspaceScope.required())
                        .param("hash", SecretToken.hash(token))
                        .param("person", person)
                        .update();
        if (joined == 0) {
            throw invitationOver();
        }
        changes.changed();
    }

    private static Refusal.Invalid invitationOver() {
        return new Refusal.Invalid(
                "invitation-over",
                "This invitation was used, was withdrawn or has expired: ask for another one.");
    }

    /**
     * @throws Refusal.Invalid if the current password is another one, or the new one does not do
     */
    public void changePassword(long personId, String current, String password) {
        Person person = person(personId);
        if (!passwords.matches(current, person.passwordHash())) {
            throw new Refusal.Invalid("password-wrong", "Your current password is another one.");
        }
        replacePassword(person, password);
    }

    /** Makes a link to another password, for {@link #RESET_TIME}; links from before end. */
    public Optional<String> reset(String email) {
        String token = SecretToken.create();
        return store.identified(
                () ->
                        store.byEmail(normal(email))
                                .filter(Person::active)
                                .map(
                                        person -> {
                                            store.insertReset(
                                                    SecretToken.hash(token),
                                                    person.id(),
                                                    clock.instant().plus(RESET_TIME));
                                            return token;
                                        }));
    }

    /** Whether this link still works. */
    public boolean isReset(String token) {
        return personOfReset(token).isPresent();
    }

    private OptionalLong personOfReset(String token) {
        return store.identified(
                () -> store.personOfReset(SecretToken.hash(token), clock.instant()));
    }

    /** Sets the password by a link, which works once, and ends all sessions of the person. */
    public void resetPassword(String token, String password) {
        long id =
                personOfReset(token)
                        .orElseThrow(
                                () ->
                                        new Refusal.Invalid(
                                                "reset-over",
                                                "This link was used or has expired: ask for another one."));
        replacePassword(person(id), password);
    }

    private void replacePassword(Person person, String password) {
        String hash = newHash(password, person.email(), person.name());
        store.identified(
                () -> {
                    store.setPassword(person.id(), hash);
                    sessions.endAll(person.id());
                    return hash;
                });
    }

    private String newHash(String password, String email, String name) {
        passwords.requireGood(password, email, name);
        return passwords.hash(password);
    }

    /** Somebody who is disabled cannot sign in, and is signed out of everything. */
    public void setActive(String email, boolean active) {
        store.identified(
                () -> {
                    Person person = require(email);
                    store.setActive(person.id(), active);
                    if (!active) {
                        sessions.endAll(person.id());
                    }
                    changes.changed();
                    return person;
                });
    }

    /** Takes app and passkeys away, from somebody who has lost them. */
    public void removeSecondFactor(String email) {
        store.identified(
                () -> {
                    Person person = require(email);
                    store.setTotp(person.id(), null);
                    store.removePasskeys(person.id());
                    sessions.endAll(person.id());
                    changes.changed();
                    return person;
                });
    }

    private Person require(String email) {
        return store.byEmail(normal(email))
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "person-unknown", "There is no person with this address."));
    }

    private Person person(long id) {
        return store.identified(() -> store.byId(id))
                .filter(Person::active)
                .orElseThrow(() -> new Refusal.NotFound("person", id));
    }

    static String normal(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    static boolean isAddress(String email) {
        return email.matches("[^\\s@\\x00]+@[^\\s@\\x00]+") && email.length() <= 320;
    }

    static void requireAddress(String email) {
        if (!isAddress(email)) {
            throw new Refusal.Invalid(
                    "email-invalid", "Write an e-mail address such as ada@example.com.");
        }
    }

    private static String requireName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > 200 || stripped.indexOf('\0') >= 0) {
            throw new Refusal.Invalid(
                    "person-name-invalid", "A person has a name of up to 200 characters.");
        }
        return stripped;
    }
}

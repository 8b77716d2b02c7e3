package io.mailgenius.jobs.people;

import io.mailgenius.jobs.people.PersonStore.Person;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.SecretToken;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.ActorScope.Kind;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * People who sign in with an account elsewhere (OpenID Connect). The account belongs to a person by
 * issuer and subject; the first time by an address that the provider has verified, of somebody who
 * is here or is invited. A stranger becomes nobody.
 */
@Component
public class LinkedIdentities {

    private static final int LONGEST_SUBJECT = 255;

    private final JdbcClient jdbc;
    private final PersonStore store;
    private final Passwords passwords;
    private final Identities identities;
    private final AccessChanges changes;
    private final Clock clock;

    LinkedIdentities(
            JdbcClient jdbc,
            PersonStore store,
            Passwords passwords,
            Identities identities,
            AccessChanges changes,
            Clock clock) {
        this.jdbc = jdbc;
        this.store = store;
        this.passwords = passwords;
        this.identities = identities;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * What the provider says about whoever signed in there.
     *
     * @param verifiedEmail null if there is none, or the provider has not verified it
     * @param name for people to read
     */
    public record Account(
            String issuer, String subject, @Nullable String verifiedEmail, @Nullable String name) {}

    /**
     * @throws Passwords.Busy if somebody who is invited is to be made a person, and too many
     *     passwords are being checked
     */
    public SignInResult signIn(Account account) {
        if (account.subject().isEmpty() || account.subject().length() > LONGEST_SUBJECT) {
            return new SignInResult.Refused();
        }
        String email = address(account.verifiedEmail());
        Optional<Person> known = store.identified(() -> linked(account));
        if (known.isEmpty() && email != null) {
            known = store.identified(() -> link(account, email));
            if (known.isEmpty()) {
                known = invited(account, email);
            }
        }
        if (known.isEmpty() || !known.get().active()) {
            return new SignInResult.Refused();
        }
        Person person = known.get();
        if (email != null && identities.workspaces(person.id()).isEmpty()) {
            invitations(email).forEach(it -> join(it, person));
        }
        return new SignInResult.Accepted(person.id(), person.email(), person.secondFactor());
    }

    private static @Nullable String address(@Nullable String email) {
        if (email == null) {
            return null;
        }
        String normal = Identities.normal(email);
        return Identities.isAddress(normal) ? normal : null;
    }

    private Optional<Person> linked(Account account) {
        return jdbc.sql(
                        """
                        SELECT person_id FROM person_identity
                         WHERE issuer = :issuer AND subject = :subject
                        """)
                .param("issuer", account.issuer())
                .param("subject", account.subject())
                .query(Long.class)
                .optional()
                .flatMap(store::byId);
    }

    /** Not if the person is known by another account of the same provider already. */
    private Optional<Person> link(Account account, String email) {
        return store.byEmail(email)
                .filter(person -> person.active() && insertLink(account, person.id()) == 1);
    }

    private int insertLink(Account account, long personId) {
        return jdbc.sql(
                        """
                        INSERT INTO person_identity (issuer, subject, person_id)
                        VALUES (:issuer, :subject, :person) ON CONFLICT DO NOTHING
                        """)
                .param("issuer", account.issuer())
                .param("subject", account.subject())
                .param("person", personId)
                .update();
    }

    private record Invited(long workspaceId, long id) {}

    private List<Invited> invitations(String email) {
        return jdbc.sql("SELECT workspace_id, id FROM invitations_of_email(:email)")
                .param("email", email)
                .query((row, _) -> new Invited(row.getLong("workspace_id"), row.getLong("id")))
                .list();
    }

    /** Makes the person, whose password nobody knows until a link sets one. */
    private Optional<Person> invited(Account account, String email) {
        if (invitations(email).isEmpty()) {
            return Optional.empty();
        }
        String hash = passwords.hash(SecretToken.create());
        try {
            return store.identified(
                    () -> {
                        if (store.byEmail(email).isPresent()) {
                            return Optional.<Person>empty();
                        }
                        long id = store.insert(email, name(account, email), hash);
                        insertLink(account, id);
                        return store.byId(id);
                    });
        } catch (DuplicateKeyException atTheSameTime) {
            return store.identified(() -> linked(account));
        }
    }

    private static String name(Account account, String email) {
        String name =
                account.name() == null
                        ? ""
                        : account.name().replaceAll("[\\p{Cntrl}]", " ").strip();
        String used = name.isEmpty() ? email : name;
        return used.length() > 200 ? used.substring(0, 200) : used;
    }

    private void join(Invited invitation, Person person) {
        Actor actor = new Actor(Kind.PERSON, person.id(), person.email(), null, null);
        WorkspaceScope.call(
                invitation.workspaceId(),
                () ->
                        ActorScope.call(
                                actor, () -> store.identified(() -> accept(invitation, person))));
        changes.changed();
    }

    private int accept(Invited invitation, Person person) {
        return jdbc.sql(
                        """
                        WITH accepted AS (
                            UPDATE invitation SET accepted_at = :now
                             WHERE workspace_id = :workspace AND id = :id
                               AND accepted_at IS NULL AND expires_at > :now
                            RETURNING role, may_send)
                        INSERT INTO membership (workspace_id, person_id, role, may_send)
                        SELECT :workspace, :person, role, may_send FROM accepted
                        ON CONFLICT DO NOTHING
                        """)
                .param("now", PersonStore.utc(clock.instant()))
                .param("workspace", invitation.workspaceId())
                .param("id", invitation.id())
                .param("person", person.id())
                .update();
    }
}

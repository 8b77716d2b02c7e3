package io.mailgenius.jobs.people;

import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.MemberRole;
import io.mailgenius.schema.PersonStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The people of the current workspace. */
@Component
@Transactional
public class People {

    private final JdbcClient jdbc;
    private final AccessChanges changes;
    private final PersonSessions sessions;

    People(JdbcClient jdbc, AccessChanges changes, PersonSessions sessions) {
        this.jdbc = jdbc;
        this.changes = changes;
        this.sessions = sessions;
    }

    /**
     * What is null stays.
     *
     * @param maySend whether the person may send campaigns; only those who write them may
     */
    public record Change(@Nullable MemberRole role, @Nullable Boolean maySend) {}

    private static final String SELECT =
            """
            SELECT p.id, p.email, p.name, m.role, m.may_send, p.status,
                   p.totp_confirmed_at IS NOT NULL OR p.passkeys > 0 AS second_factor, m.created_at, p.signed_in_at
              FROM membership m JOIN person p ON p.id = m.person_id
             WHERE m.workspace_id = :workspace
            """;

    @Transactional(readOnly = true)
    public Page<PersonView> page(long after, int limit) {
        List<PersonView> rows =
                jdbc.sql(SELECT + " AND p.id > :after ORDER BY p.id LIMIT :limit")
                        .param("workspace", WorkspaceScope.required())
                        .param("after", after)
                        .param("limit", Page.rows(limit))
                        .query(People::view)
                        .list();
        return Page.of(rows, limit, PersonView::id);
    }

    @Transactional(readOnly = true)
    public PersonView find(long id) {
        return jdbc.sql(SELECT + " AND p.id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(People::view)
                .optional()
                .orElseThrow(() -> new Refusal.NotFound("person", id));
    }

    /**
     * @param held the permissions of whoever changes it: nobody gives or takes what they do not
     *     have
     */
    public PersonView change(long id, Change change, Collection<String> held) {
        PersonView person = find(id);
        MemberRole role = change.role() == null ? person.role() : change.role();
        boolean maySend =
                change.maySend() == null
                        ? person.maySend() && RolePermissions.writesCampaigns(role)
                        : change.maySend();
        requireSendable(role, maySend);
        requireHeld(held, person.role(), person.maySend());
        requireHeld(held, role, maySend);
        if (person.role() == MemberRole.OWNER && role != MemberRole.OWNER) {
            requireAnotherOwner(id);
        }
        jdbc.sql(
                        """
                        UPDATE membership SET role = :role, may_send = :maySend
                         WHERE workspace_id = :workspace AND person_id = :id
                        """)
                .param("role", role.name())
                .param("maySend", maySend)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
        changes.changed();
        return find(id);
    }

    /** The person stays one of other workspaces, and is signed out. */
    public void remove(long id, Collection<String> held) {
        PersonView person = find(id);
        requireHeld(held, person.role(), person.maySend());
        if (person.role() == MemberRole.OWNER) {
            requireAnotherOwner(id);
        }
        jdbc.sql("DELETE FROM membership WHERE workspace_id = :workspace AND person_id = :id")
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .update();
        sessions.endAll(id);
        changes.changed();
    }

    /** Locks the owners, so that two who remove each other leave one. */
    private void requireAnotherOwner(long id) {
        List<Long> owners =
                jdbc.sql(
                                """
                                SELECT person_id FROM membership
                                 WHERE workspace_id = :workspace AND role = 'OWNER'
                                 ORDER BY person_id FOR UPDATE
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .query((row, _) -> row.getLong(1))
                        .list();
        if (owners.stream().allMatch(owner -> owner == id)) {
            throw new Refusal.Conflict(
                    "last-owner", "This is the last owner: make somebody else one before.");
        }
    }

    static void requireHeld(Collection<String> held, MemberRole role, boolean maySend) {
        Permissions.requireHeld(held, RolePermissions.of(role, maySend));
    }

    static void requireSendable(MemberRole role, boolean maySend) {
        if (maySend && !RolePermissions.writesCampaigns(role)) {
            throw new Refusal.Invalid(
                    "role-cannot-send",
                    "Only owners, admins and editors can have the right to send.");
        }
    }

    private static PersonView view(ResultSet row, int number) throws SQLException {
        OffsetDateTime signedIn = row.getObject("signed_in_at", OffsetDateTime.class);
        return new PersonView(
                row.getLong("id"),
                row.getString("email"),
                row.getString("name"),
                MemberRole.valueOf(row.getString("role")),
                row.getBoolean("may_send"),
                PersonStatus.valueOf(row.getString("status")),
                row.getBoolean("second_factor"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                signedIn == null ? null : signedIn.toInstant());
    }
}

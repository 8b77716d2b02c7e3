package io.mailgenius.jobs.people;

import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.SecretToken;
import io.mailgenius.schema.MemberRole;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Invitations to the current workspace. A link works once, for a week. */
@Component
@Transactional
public class Invitations {

    static final Duration VALID = Duration.ofDays(7);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final String publicUrl;
    private final @Nullable PersonMails mails;

    @Autowired
    Invitations(
            JdbcClient jdbc,
            Clock clock,
            @Value("${mailgenius.public-url:http://localhost:8080}") String publicUrl,
            @Nullable PersonMails mails) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.publicUrl = publicUrl;
        this.mails = mails;
    }

    /** Without mails, for the command line. */
    Invitations(JdbcClient jdbc, Clock clock, String publicUrl) {
        this(jdbc, clock, publicUrl, null);
    }

    /** The newest first. */
    @Transactional(readOnly = true)
    public Page<InvitationView> page(long after, int limit) {
        List<InvitationView> rows =
                jdbc.sql(
                                """
                                SELECT id, email, role, may_send, mailed, created_at, expires_at, accepted_at
                                  FROM invitation
                                 WHERE workspace_id = :workspace AND (:after = 0 OR id < :after)
                                 ORDER BY id DESC LIMIT :limit
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("after", after)
                        .param("limit", Page.rows(limit))
                        .query(Invitations::view)
                        .list();
        return Page.of(rows, limit, InvitationView::id);
    }

    /**
     * @param held the permissions of whoever invites: nobody gives what they do not have
     */
    public NewInvitation create(InvitationDraft draft, Collection<String> held) {
        boolean maySend = Boolean.TRUE.equals(draft.maySend());
        People.requireSendable(draft.role(), maySend);
        People.requireHeld(held, draft.role(), maySend);
        String email = draft.email() == null ? null : Identities.normal(draft.email());
        if (email != null) {
            Identities.requireAddress(email);
        } else if (draft.mailed()) {
            throw new Refusal.Invalid(
                    "email-missing", "Name the \"email\" that the invitation is to be mailed to.");
        }
        String token = SecretToken.create();
        InvitationView view =
                jdbc.sql(
                                """
                                INSERT INTO invitation (workspace_id, email, role, may_send, mailed, token_hash, expires_at)
                                VALUES (:workspace, :email, :role, :maySend, :mailed, :hash, :expires)
                                RETURNING id, email, role, may_send, mailed, created_at, expires_at, accepted_at
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("email", email)
                        .param("role", draft.role().name())
                        .param("maySend", maySend)
                        .param("mailed", draft.mailed())
                        .param("hash", SecretToken.hash(token))
                        .param("expires", PersonStore.utc(clock.instant().plus(VALID)))
                        .query(Invitations::view)
                        .single();
        if (draft.mailed() && email != null) {
            mail(email, token);
        }
        return new NewInvitation(publicUrl + "/join/" + token, view);
    }

    private void mail(String email, String token) {
        if (mails == null) {
            throw new Refusal.Conflict(
                    "mail-not-set-up", "Nothing is mailed from here: pass the link on yourself.");
        }
        mails.invite(
                email,
                token,
                jdbc.sql("SELECT name FROM workspace WHERE id = :workspace")
                        .param("workspace", WorkspaceScope.required())
                        .query(String.class)
                        .single());
    }

    public void withdraw(long id) {
        int found =
                jdbc.sql(
                                """
                                DELETE FROM invitation
                                 WHERE workspace_id = :workspace AND id = :id AND accepted_at IS NULL
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .update();
        if (found == 0) {
            throw new Refusal.NotFound("invitation", id);
        }
    }

    private static InvitationView view(ResultSet row, int number) throws SQLException {
        OffsetDateTime accepted = row.getObject("accepted_at", OffsetDateTime.class);
        return new InvitationView(
                row.getLong("id"),
                row.getString("email"),
                MemberRole.valueOf(row.getString("role")),
                row.getBoolean("may_send"),
                row.getBoolean("mailed"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                accepted == null ? null : accepted.toInstant());
    }
}

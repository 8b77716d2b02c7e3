package io.mailgenius.jobs.people;

import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.clients.NewOAuthClient;
import io.mailgenius.jobs.clients.OAuthClientDraft;
import io.mailgenius.jobs.clients.OAuthClientView;
import io.mailgenius.jobs.clients.OAuthClients;
import io.mailgenius.jobs.workspaces.AccessChanges;
import io.mailgenius.jobs.workspaces.ApiKeyDraft;
import io.mailgenius.jobs.workspaces.ApiKeyView;
import io.mailgenius.jobs.workspaces.ApiKeys;
import io.mailgenius.jobs.workspaces.LeavingRequests;
import io.mailgenius.jobs.workspaces.NewApiKey;
import io.mailgenius.jobs.workspaces.Page;
import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.WorkspaceLimit;
import io.mailgenius.jobs.workspaces.WorkspaceLimits;
import io.mailgenius.jobs.workspaces.WorkspaceSettings;
import io.mailgenius.jobs.workspaces.WorkspaceView;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.ActorScope;
import io.mailgenius.schema.ActorScope.Actor;
import io.mailgenius.schema.ActorScope.Kind;
import io.mailgenius.schema.WorkspaceScope;
import io.mailgenius.schema.WorkspaceSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an operator does about people, workspaces, keys and clients on the command line, without a
 * node. The audit trail names the operator. Running nodes notice within {@link
 * Workspaces#KEY_MEMORY}.
 */
public final class OperatorAccess {

    private static final Actor OPERATOR =
            new Actor(Kind.OPERATOR, null, "command line", null, null);
    private static final Set<String> ALL = Set.of(Permissions.EVERYTHING);

    private final TransactionTemplate transaction;
    private final Workspaces workspaces;
    private final WorkspaceSettings settings;
    private final WorkspaceLimits limits;
    private final LeavingRequests leaving;
    private final JdbcClient jdbc;
    private final ApiKeys keys;
    private final OAuthClients clients;
    private final People people;
    private final Identities identities;
    private final Invitations invitations;
    private final WorkspaceFounding founding;

    /**
     * @param source connections that obey row-level security
     */
    public OperatorAccess(DataSource source, String publicUrl, Clock clock) {
        DataSource scoped = new WorkspaceSource(source);
        jdbc = JdbcClient.create(scoped);
        transaction = new TransactionTemplate(new WorkspaceTransactionManager(scoped));
        AccessChanges changes = new AccessChanges();
        PersonSessions sessions = new PersonSessions(jdbc, clock);
        workspaces = new Workspaces(jdbc, changes);
        settings = new WorkspaceSettings(jdbc, changes);
        limits = new WorkspaceLimits(jdbc);
        leaving = new LeavingRequests(jdbc, changes, JsonMapper.shared(), clock);
        keys = new ApiKeys(jdbc, changes, clock);
        clients = new OAuthClients(jdbc, changes, clock);
        people = new People(jdbc, changes, sessions);
        identities =
                new Identities(
                        jdbc,
                        new PersonStore(jdbc, transaction),
                        new Passwords(),
                        sessions,
                        changes,
                        clock);
        invitations = new Invitations(jdbc, clock, publicUrl);
        founding = new WorkspaceFounding(workspaces, invitations);
    }

    public List<WorkspaceView> workspaces() {
        return workspaces.ids().stream().map(id -> in(id, settings::find)).toList();
    }

    public WorkspaceFounding.Founded found(String name, @Nullable String ownerEmail) {
        long workspace = workspaces.create(name);
        return new WorkspaceFounding.Founded(
                workspace, in(workspace, () -> founding.invite(workspace, ownerEmail)));
    }

    public WorkspaceView rename(long workspace, String name) {
        return in(workspace, () -> settings.change(WorkspaceSettings.Change.NOTHING.named(name)));
    }

    public WorkspaceLimit limits(long workspace) {
        return in(workspace, limits::find);
    }

    public WorkspaceLimit limit(long workspace, WorkspaceLimit limit) {
        return in(workspace, () -> limits.change(limit));
    }

    public WorkspaceView suspend(long workspace) {
        return in(workspace, () -> settings.suspend(true));
    }

    public WorkspaceView resume(long workspace) {
        return in(workspace, () -> settings.resume(true));
    }

    /** Some node launches the job that makes the archive. */
    public long export(long workspace) {
        return in(workspace, leaving::export);
    }

    /**
     * Suspends the workspace for good; some node launches the job that deletes all that it has.
     *
     * @param name of the workspace, letter by letter
     */
    public void delete(long workspace, String name) {
        in(
                workspace,
                () -> {
                    leaving.delete(name);
                    return workspace;
                });
    }

    /** What has happened to the installation, such as deletions of workspaces, in its order. */
    public List<String> events() {
        return jdbc.sql(
                        """
                        SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '  ' || action || '  '
                               || subject || '  ' || detail || coalesce('  ' || (actor ->> 'name'), '')
                          FROM installation_events()
                        """)
                .query((row, _) -> row.getString(1))
                .list();
    }

    public List<ApiKeyView> keys(long workspace) {
        return in(workspace, () -> keys.page(0, Page.LIMIT).items());
    }

    public NewApiKey createKey(long workspace, ApiKeyDraft draft) {
        return in(workspace, () -> keys.create(draft, ALL));
    }

    public NewApiKey rotateKey(long workspace, long id, Duration overlap) {
        return in(workspace, () -> keys.rotate(id, overlap, ALL));
    }

    public void revokeKey(long workspace, long id) {
        in(
                workspace,
                () -> {
                    keys.revoke(id);
                    return id;
                });
    }

    public List<OAuthClientView> clients(long workspace) {
        return in(workspace, () -> clients.page(0, Page.LIMIT).items());
    }

    public NewOAuthClient createClient(long workspace, OAuthClientDraft draft) {
        return in(workspace, () -> clients.create(draft, ALL));
    }

    public void revokeClient(long workspace, long id) {
        in(
                workspace,
                () -> {
                    clients.revoke(id);
                    return id;
                });
    }

    public List<PersonView> people(long workspace) {
        return in(workspace, () -> people.page(0, Page.LIMIT).items());
    }

    public NewInvitation invite(long workspace, InvitationDraft draft) {
        return in(workspace, () -> invitations.create(draft, ALL));
    }

    /**
     * @return what stands behind {@code /reset/} in the link
     */
    public String resetPassword(String email) {
        return identities
                .reset(email)
                .orElseThrow(
                        () ->
                                new Refusal.Invalid(
                                        "person-unknown",
                                        "There is no person with this address who may sign in."));
    }

    public void removeSecondFactor(String email) {
        identities.removeSecondFactor(email);
    }

    public void setActive(String email, boolean active) {
        identities.setActive(email, active);
    }

    private <T> T in(long workspace, Supplier<T> work) {
        if (!workspaces.ids().contains(workspace)) {
            throw new Refusal.Invalid(
                    "workspace-unknown",
                    "There is no workspace %d: \"workspace list\" shows them."
                            .formatted(workspace));
        }
        return WorkspaceScope.call(
                workspace,
                () -> ActorScope.call(OPERATOR, () -> transaction.execute(_ -> work.get())));
    }
}

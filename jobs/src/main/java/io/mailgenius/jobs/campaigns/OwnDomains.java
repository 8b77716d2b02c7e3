package io.mailgenius.jobs.campaigns;

import io.mailgenius.engine.tenancy.AutocommitReadTemplate;
import io.mailgenius.jobs.providers.SenderDomains.Answer;
import io.mailgenius.jobs.providers.SenderDomains.Domain;
import io.mailgenius.jobs.providers.accounts.ProviderAccounts;
import io.mailgenius.schema.WorkspaceScope;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The domains of the account that campaigns or forms of this workspace send from. The
 * installation's account has domains of other workspaces as well, which are not shown.
 */
@Component
public class OwnDomains {

    private final ProviderAccounts accounts;
    private final JdbcClient jdbc;
    private final AutocommitReadTemplate reads;

    public OwnDomains(
            ProviderAccounts accounts, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.accounts = accounts;
        this.jdbc = jdbc;
        this.reads = new AutocommitReadTemplate(transactions);
    }

    /** Takes some seconds at most, during which no connection is held. */
    public Answer ask() {
        return switch (accounts.domains().ask()) {
            case Answer.Every every -> every;
            case Answer.NotAsked notAsked -> notAsked;
            case Answer.Listed(List<Domain> all) -> {
                Set<String> own = own();
                yield new Answer.Listed(
                        all.stream()
                                .filter(it -> own.contains(FromDomain.ascii(it.name())))
                                .toList());
            }
        };
    }

    private Set<String> own() {
        List<String> senders =
                Objects.requireNonNull(
                        reads.execute(
                                _ ->
                                        jdbc.sql(
                                                        """
                                                        SELECT sender FROM campaign WHERE workspace_id = :workspace
                                                        UNION
                                                        SELECT sender FROM form WHERE workspace_id = :workspace
                                                        UNION
                                                        SELECT sender FROM brand WHERE workspace_id = :workspace
                                                        """)
                                                .param("workspace", WorkspaceScope.required())
                                                .query((row, n) -> row.getString(1))
                                                .list()));
        return senders.stream().map(FromDomain::of).collect(Collectors.toSet());
    }
}

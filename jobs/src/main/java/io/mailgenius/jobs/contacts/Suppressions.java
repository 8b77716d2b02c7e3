package io.mailgenius.jobs.contacts;

import io.mailgenius.schema.SuppressionReason;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Collection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Addresses that are not mailed, whoever imports them again. */
@Component
public class Suppressions {

    private final JdbcClient jdbc;

    public Suppressions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Joins the caller's transaction. Contacts that are not there are passed over. */
    @Transactional
    public void suppressContacts(
            Collection<Long> contactIds, SuppressionReason reason, String source) {
        Long[] ids = contactIds.toArray(Long[]::new);
        jdbc.sql(
                        """
                        INSERT INTO suppression (workspace_id, email, reason, source)
                        SELECT workspace_id, email, :reason, :source
                          FROM contact
                         WHERE workspace_id = :workspace AND id = ANY (:ids)
                         ORDER BY email
                        ON CONFLICT (workspace_id, email)
                        DO UPDATE SET reason = excluded.reason, source = excluded.source
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("ids", ids)
                .param("reason", reason.name())
                .param("source", source)
                .update();
        jdbc.sql(
                        """
                        UPDATE contact SET status = :status, updated_at = now()
                         WHERE workspace_id = :workspace AND id = ANY (:ids) AND status <> :status
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("ids", ids)
                .param("status", reason.name())
                .update();
    }
}

package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.contacts.erased.ErasedAddresses;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.schema.WorkspaceScope;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds many contacts by address or external id, and adds missing ones, in the caller's
 * transaction. What is found is locked against deletion, so that an erasure either finds what the
 * caller writes about a contact, or comes first.
 */
@Component
public class ContactKeys {

    private final JdbcClient jdbc;
    private final ErasedAddresses erased;

    public ContactKeys(JdbcClient jdbc, ObjectProvider<SecretEncryption> encryption) {
        this.jdbc = jdbc;
        this.erased = new ErasedAddresses(jdbc, encryption);
    }

    /** A contact that is to be added. */
    public record NewContact(String email, @Nullable String externalId) {}

    /**
     * @param emails as they are stored
     * @return the ids by address
     */
    public Map<String, Long> byEmail(Collection<String> emails) {
        return ids("email", emails);
    }

    /** The ids by external id. */
    public Map<String, Long> byExternalId(Collection<String> externalIds) {
        return ids("external_id", externalIds);
    }

    private Map<String, Long> ids(String column, Collection<String> keys) {
        Map<String, Long> ids = new HashMap<>();
        if (!keys.isEmpty()) {
            jdbc.sql(
                            """
                            SELECT id, %1$s FROM contact
                             WHERE workspace_id = :workspace AND %1$s = ANY (CAST(:keys AS text[]))
                             ORDER BY id FOR KEY SHARE
                            """
                                    .formatted(column))
                    .param("workspace", WorkspaceScope.required())
                    .param("keys", keys.toArray(String[]::new))
                    .query(
                            row -> {
                                ids.put(row.getString(2), row.getLong(1));
                            });
        }
        return ids;
    }

    /**
     * Adds those whose address and external id are free. They are {@code PENDING}, because nobody
     * has said that they want mail; a suppressed address gets the status that goes with its
     * suppression.
     *
     * @return the addresses that were erased, which are not added
     */
    public Set<String> add(Collection<NewContact> contacts) {
        List<String> emails = contacts.stream().map(NewContact::email).toList();
        Set<String> gone = erased.among(emails);
        List<NewContact> added =
                contacts.stream().filter(contact -> !gone.contains(contact.email())).toList();
        jdbc.sql(
                        """
                        INSERT INTO contact (workspace_id, email, external_id, status)
                        SELECT :workspace, n.email, n.external_id,
                               CASE coalesce(s.reason, '') WHEN '' THEN 'PENDING' WHEN 'MANUAL' THEN 'UNSUBSCRIBED'
                                                           ELSE s.reason END
                          FROM unnest(CAST(:emails AS text[]), CAST(:externals AS text[])) AS n (email, external_id)
                          LEFT JOIN suppression s ON s.workspace_id = :workspace AND s.email = n.email
                         ORDER BY n.email
                        ON CONFLICT DO NOTHING
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("emails", added.stream().map(NewContact::email).toArray(String[]::new))
                .param(
                        "externals",
                        added.stream().map(NewContact::externalId).toArray(String[]::new))
                .update();
        return gone;
    }
}

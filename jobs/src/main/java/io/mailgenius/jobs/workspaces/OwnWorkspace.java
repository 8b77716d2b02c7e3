package io.mailgenius.jobs.workspaces;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.Types;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The workspace that the caller works for. */
@Component
@Transactional
public class OwnWorkspace {

    private static final int MAX_ADDRESS = 500;

    /** Of letters and digits: shorter than that nobody lives anywhere. */
    private static final int LEAST = 8;

    private final JdbcClient jdbc;

    public OwnWorkspace(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional(readOnly = true)
    public WorkspaceView find() {
        return jdbc.sql(
                        "SELECT id, name, postal_address, created_at FROM workspace WHERE id = :workspace")
                .param("workspace", WorkspaceScope.required())
                .query(
                        (row, _) ->
                                new WorkspaceView(
                                        row.getLong("id"),
                                        row.getString("name"),
                                        row.getString("postal_address"),
                                        row.getObject("created_at", OffsetDateTime.class)
                                                .toInstant()))
                .single();
    }

    /**
     * Campaigns that are launched keep the address that they were launched with.
     *
     * @param postalAddress in as many lines as it has; null or blank takes it away
     * @throws Refusal.Invalid {@code postal-address-invalid}
     */
    public WorkspaceView locate(@Nullable String postalAddress) {
        String address =
                postalAddress == null || postalAddress.isBlank() ? null : postalAddress.strip();
        if (address != null
                && (address.length() > MAX_ADDRESS
                        || address.indexOf('\0') >= 0
                        || address.chars().filter(Character::isLetterOrDigit).count() < LEAST)) {
            throw new Refusal.Invalid(
                    "postal-address-invalid",
                    "A postal address has %d letters and digits at least, and %d characters at most."
                            .formatted(LEAST, MAX_ADDRESS));
        }
        jdbc.sql("UPDATE workspace SET postal_address = :address WHERE id = :workspace")
                .param("address", address, Types.VARCHAR)
                .param("workspace", WorkspaceScope.required())
                .update();
        return find();
    }
}

package io.mailgenius.jobs.workspaces;

import io.mailgenius.schema.WorkspaceScope;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The sites whose scripts may call the API of a workspace, as browsers name them. */
@Component
public class AllowedOrigins {

    private static final int MOST = 50;
    private static final int LONGEST = 260;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    AllowedOrigins(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Whether any workspace allows it. */
    public boolean somewhere(String origin) {
        return origin.length() <= LONGEST
                && origin.indexOf('\0') < 0
                && Boolean.TRUE.equals(
                        transaction.execute(
                                _ ->
                                        jdbc.sql("SELECT origin_allowed_somewhere(:origin)")
                                                .param("origin", origin)
                                                .query(Boolean.class)
                                                .single()));
    }

    /** Those of a workspace. */
    public List<String> of(long workspaceId) {
        return WorkspaceScope.call(
                workspaceId,
                () ->
                        transaction.execute(
                                _ ->
                                        jdbc.sql(
                                                        "SELECT unnest(allowed_origins) FROM workspace WHERE id = :workspace")
                                                .param("workspace", workspaceId)
                                                .query(String.class)
                                                .list()));
    }

    /**
     * @throws Refusal.Invalid unless each is a scheme and a host, with a port if it is unusual
     */
    static List<String> checked(List<String> origins) {
        if (origins.size() > MOST) {
            throw new Refusal.Invalid(
                    "origins-too-many", "Name up to %d allowedOrigins.".formatted(MOST));
        }
        return origins.stream().map(AllowedOrigins::checked).distinct().toList();
    }

    private static String checked(String origin) {
        String lower = origin.strip().toLowerCase(Locale.ROOT);
        try {
            URI uri = new URI(lower);
            boolean plain =
                    Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                            && uri.getHost() != null
                            && uri.getUserInfo() == null
                            && String.valueOf(uri.getRawPath()).isEmpty()
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            if (plain && lower.length() <= LONGEST) {
                return lower;
            }
        } catch (URISyntaxException unreadable) {
            // Refused below.
        }
        throw new Refusal.Invalid(
                "origin-invalid",
                "\"%s\" is no origin: write it as https://www.example.com, without a path, and with a port if it is unusual."
                        .formatted(origin.length() > 60 ? origin.substring(0, 60) + "…" : origin));
    }
}

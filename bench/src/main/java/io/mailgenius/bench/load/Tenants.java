package io.mailgenius.bench.load;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Workspaces, each with an API key, contacts and a list of all of them, inserted by PostgreSQL
 * itself, because loading is not measured. Contacts are numbered over all workspaces, and the
 * address contains the number: {@code p17@example.com}.
 */
public final class Tenants {

    private static final int AT_ONCE = 1_000;

    private final JdbcClient owner;
    private final PGSimpleDataSource source;
    private final List<Tenant> all = new ArrayList<>();
    private int people;

    /**
     * @param firstPerson the number of its first contact
     * @param people the number of its contacts
     */
    public record Tenant(long workspace, String key, long list, int firstPerson, int people) {}

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public Tenants(String jdbcUrl, String username, String password) {
        source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        source.setUser(username);
        source.setPassword(password);
        owner = JdbcClient.create(source);
    }

    /** Creates more workspaces with the same number of contacts each. */
    public List<Tenant> make(int workspaces, int peopleOfEach) {
        List<Tenant> made = new ArrayList<>();
        for (int left = workspaces; left > 0; left -= AT_ONCE) {
            made.addAll(some(Math.min(left, AT_ONCE), peopleOfEach));
        }
        return made;
    }

    /** Writes a checkpoint and updates statistics before the measurement. */
    public void settle() {
        for (String table : new String[] {"workspace", "contact", "list", "list_member"}) {
            owner.sql("VACUUM ANALYZE " + table).update();
        }
        owner.sql("CHECKPOINT").update();
    }

    private List<Tenant> some(int workspaces, int peopleOfEach) {
        int first = all.size();
        List<Tenant> made = new ArrayList<>();
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement(
                            """
                            WITH made AS (
                                INSERT INTO workspace (name)
                                SELECT 'tenant ' || n FROM generate_series(CAST(? AS int), ?) n
                                RETURNING id, CAST(split_part(name, ' ', 2) AS int) AS n
                            ), lists AS (
                                INSERT INTO list (workspace_id, name) SELECT id, 'All' FROM made
                                RETURNING workspace_id, id
                            ), keys AS (
                                INSERT INTO api_key (workspace_id, name, key_hash)
                                SELECT id, 'bench', sha256(convert_to('mg_bench_of_tenant_' || n, 'UTF8')) FROM made
                            ), domains AS (
                                INSERT INTO sender_domain (workspace_id, name, proven_at)
                                SELECT id, 'example.com', now() FROM made
                            )
                            SELECT made.id, made.n, lists.id AS list
                              FROM made JOIN lists ON lists.workspace_id = made.id ORDER BY made.n
                            """)) {
                insert.setInt(1, first);
                insert.setInt(2, first + workspaces - 1);
                try (ResultSet rows = insert.executeQuery()) {
                    while (rows.next()) {
                        made.add(
                                new Tenant(
                                        rows.getLong("id"),
                                        "mg_bench_of_tenant_" + rows.getInt("n"),
                                        rows.getLong("list"),
                                        people,
                                        peopleOfEach));
                        people += peopleOfEach;
                    }
                }
            }
            contacts(connection, made, peopleOfEach);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("The workspaces cannot be made", e);
        }
        all.addAll(made);
        return made;
    }

    private static void contacts(Connection connection, List<Tenant> made, int peopleOfEach)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        """
                        WITH made AS (
                            SELECT t.workspace, t.list, t.first
                              FROM unnest(CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS int[])) t (workspace, list, first)
                        ), people AS (
                            INSERT INTO contact (workspace_id, email, first_name, city, attributes)
                            SELECT workspace, 'p' || first + n || '@example.com', 'First' || n % 500, 'City' || n % 300,
                                   jsonb_build_object('plan', (ARRAY['free', 'pro', 'team'])[1 + n % 3])
                              FROM made, generate_series(0, CAST(? AS int) - 1) n
                            RETURNING workspace_id, id
                        )
                        INSERT INTO list_member (workspace_id, list_id, contact_id)
                        SELECT people.workspace_id, made.list, people.id
                          FROM people JOIN made ON made.workspace = people.workspace_id
                        """)) {
            insert.setArray(1, array(connection, "bigint", made.stream().map(Tenant::workspace)));
            insert.setArray(2, array(connection, "bigint", made.stream().map(Tenant::list)));
            insert.setArray(3, array(connection, "int", made.stream().map(Tenant::firstPerson)));
            insert.setInt(4, peopleOfEach);
            insert.executeUpdate();
        }
    }

    private static Array array(Connection connection, String type, Stream<? extends Number> values)
            throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }
}

package io.mailgenius.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The login with which a node works after the migrations: a member of the {@linkplain
 * Migrations#WORKING_ROLE application role} and of nothing else, so that a statement that leaves
 * this role has no rights at all.
 */
public final class RuntimeLogin {

    /** Whether the session's login can act as the owner of the tables, or bypasses policies. */
    private static final String BYPASSES =
            """
            SELECT r.rolsuper OR r.rolbypassrls OR coalesce(pg_has_role(r.oid, t.relowner, 'MEMBER'), true)
              FROM pg_roles r
              LEFT JOIN pg_class t
                ON t.relname = 'workspace' AND t.relkind = 'r'
               AND t.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public')
             WHERE r.rolname = session_user
            """;

    private RuntimeLogin() {}

    /**
     * Whether row-level security does not bind the login: it owns the tables, can become their
     * owner, or is exempt. A login on a database without tables counts as their future owner.
     */
    public static boolean isExempt(DataSource login) throws SQLException {
        try (Connection connection = login.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(BYPASSES)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * Lets a login work as the application role, and creates the login if there is none of that
     * name. Call it after the migrations.
     *
     * @param owner connects as the login that migrates
     * @param password of a login that is created; null if it has none
     * @throws SQLException if the owner may not grant the role or create the login
     */
    public static void admit(DataSource owner, String login, @Nullable String password)
            throws SQLException {
        try (Connection connection = owner.getConnection()) {
            if (!exists(connection, login)) {
                create(connection, login);
                if (password != null) {
                    setPassword(connection, login, password);
                }
            }
            if (!isMember(connection, login)) {
                run(connection, "GRANT " + Migrations.WORKING_ROLE + " TO " + quoted(login));
            }
        }
    }

    private static boolean exists(Connection connection, String login) throws SQLException {
        return isTrue(connection, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ?)", login);
    }

    private static boolean isMember(Connection connection, String login) throws SQLException {
        return isTrue(
                connection,
                "SELECT pg_has_role(?, '" + Migrations.WORKING_ROLE + "', 'MEMBER')",
                login);
    }

    private static void create(Connection connection, String login) throws SQLException {
        run(
                connection,
                "CREATE ROLE %s LOGIN NOINHERIT NOCREATEDB NOCREATEROLE".formatted(quoted(login)));
    }

    /** The driver sends a verifier, so that the password itself is in no log of the server. */
    private static void setPassword(Connection connection, String login, String password)
            throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .alterUserPassword(login, password.toCharArray(), "scram-sha-256");
    }

    private static boolean isTrue(Connection connection, String sql, String parameter)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setString(1, parameter);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}

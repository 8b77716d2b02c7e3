package io.mailgenius.schema;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Migrates a database to the schema that this version of the code requires. */
public final class Migrations {

    /** The role of the application. It obeys row-level security; the login need not. */
    public static final String WORKING_ROLE = "mailgenius_app";

    /** The initial statement of each connection. */
    public static final String WORK_AS_ROLE = "SET ROLE " + WORKING_ROLE;

    /** The owner of the tables sees rows of all workspaces only in a session that says so. */
    private static final String WORK_ACROSS_WORKSPACES = "SET app.engine = 'on'";

    private Migrations() {}

    /**
     * Applies the migrations. Nodes that start concurrently migrate one after the other, because
     * Flyway holds a lock.
     *
     * @param owner connects as the login that owns the tables and may create roles
     */
    public static void apply(DataSource owner) {
        flyway(owner, WORK_ACROSS_WORKSPACES).migrate();
    }

    /**
     * Whether the database has all migrations of this version of the code. Later ones do not
     * matter, because nodes of two versions run beside each other during an upgrade.
     *
     * @param login connects as a login that may work as the {@linkplain #WORKING_ROLE application
     *     role}
     */
    public static boolean areApplied(DataSource login) {
        return flyway(login, WORK_AS_ROLE).info().pending().length == 0;
    }

    private static Flyway flyway(DataSource login, String firstStatement) {
        return Flyway.configure()
                .dataSource(login)
                .initSql(firstStatement)
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .load();
    }
}

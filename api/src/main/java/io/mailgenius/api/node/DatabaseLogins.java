package io.mailgenius.api.node;

import io.mailgenius.api.node.NodeSettings.Database;
import io.mailgenius.api.node.NodeSettings.Login;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.RuntimeLogin;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two logins of a database: one owns and migrates the tables, with the other one the node
 * works. Row-level security binds the second one whatever it executes.
 */
record DatabaseLogins(Database database) {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseLogins.class);

    /**
     * Migrates the tables, and makes sure that the login of the node can work and do no more.
     *
     * @throws SettingRefused if the login of the node can become the owner of the tables although
     *     it has one, or if the tables are older than this version and it may not migrate them
     */
    void prepare() {
        try {
            Login owner = database.owner();
            if (owner != null) {
                migrate(owner);
            } else if (RuntimeLogin.isExempt(ofNode())) {
                Migrations.apply(ofNode());
                LOG.warn(
                        "The login of MAILGENIUS_DATABASE_URL owns the tables, so row-level security"
                                + " does not bind it where it leaves its role: set"
                                + " MAILGENIUS_DATABASE_OWNER_USERNAME and _PASSWORD to this login, and"
                                + " MAILGENIUS_DATABASE_USERNAME and _PASSWORD to one of its own, which"
                                + " the node creates if it is missing");
            } else if (!Migrations.areApplied(ofNode())) {
                throw new SettingRefused(
                        "MAILGENIUS_DATABASE_OWNER_USERNAME is missing: the tables are older than"
                                + " this version, and the login of the node may not migrate them."
                                + " Start one node with the owner's login first.");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void migrate(Login owner) throws SQLException {
        Migrations.apply(ofOwner());
        String username = database.username();
        if (username == null) {
            throw new IllegalStateException("An owner needs a login of the node beside it");
        }
        try {
            RuntimeLogin.admit(ofOwner(), username, database.password());
        } catch (SQLException refused) {
            throw new SettingRefused(
                    "MAILGENIUS_DATABASE_USERNAME is "
                            + username
                            + ", which may not work as "
                            + Migrations.WORKING_ROLE
                            + ": have an administrator execute CREATE ROLE "
                            + username
                            + " LOGIN NOINHERIT PASSWORD '…'; GRANT "
                            + Migrations.WORKING_ROLE
                            + " TO "
                            + username
                            + " (PostgreSQL says: "
                            + refused.getMessage()
                            + ").");
        }
        if (RuntimeLogin.isExempt(ofNode())) {
            throw new SettingRefused(
                    "MAILGENIUS_DATABASE_USERNAME cannot be "
                            + username
                            + ": row-level security does not bind it, because it is a superuser, has"
                            + " BYPASSRLS, or is a member of "
                            + owner.username()
                            + ", who owns the tables. Name a login without these.");
        }
    }

    /** The login of the node. */
    DataSource ofNode() {
        return source(database.username(), database.password());
    }

    /** The login that owns the tables, for work across all workspaces. */
    DataSource ofOwner() {
        Login owner = database.owner();
        PGSimpleDataSource source =
                owner == null
                        ? source(database.username(), database.password())
                        : source(owner.username(), owner.password());
        source.setOptions("-c app.engine=on");
        return source;
    }

    private PGSimpleDataSource source(@Nullable String username, @Nullable String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url());
        if (username != null) {
            source.setUser(username);
        }
        if (password != null) {
            source.setPassword(password);
        }
        return source;
    }
}

package io.mailgenius.engine;

import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.TestDatabase;
import io.mailgenius.schema.WorkspaceSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Logs the plan of every executed statement by auto_explain, as a notice that the driver keeps as a
 * warning, so that a test checks the plan of the production SQL with its parameters.
 */
public final class ExplainedStatements extends DelegatingDataSource {

    private final List<String> plans = new CopyOnWriteArrayList<>();
    private final String workAs;

    private ExplainedStatements(DataSource source, String workAs) {
        super(new WorkspaceSource(source));
        this.workAs = workAs;
    }

    /** Connects with the application role, whose plans include row-level security. */
    public static ExplainedStatements ofTheProduct(TestDatabase database) {
        return new ExplainedStatements(database.ownerSessions(), Migrations.WORK_AS_ROLE);
    }

    /** Connects as the engine's control plane does. */
    public static ExplainedStatements ofTheEngine(TestDatabase database) {
        return new ExplainedStatements(
                database.ownerSessions(), Migrations.WORK_AS_ROLE + "; SET app.engine = 'on'");
    }

    /** The plans of the statements since {@link #forget}. */
    public List<String> plans() {
        return plans;
    }

    public void forget() {
        plans.clear();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    LOAD 'auto_explain';
                    SET auto_explain.log_min_duration = 0;
                    SET auto_explain.log_level = 'notice';
                    """
                            + workAs);
        }
        return proxy(
                Connection.class,
                (method, arguments) ->
                        switch (method.getName()) {
                            case "prepareStatement" ->
                                    explained(connection.prepareStatement((String) arguments[0]));
                            // The last statement of a transaction is explained at its end.
                            case "commit" -> {
                                connection.commit();
                                keep(connection.getWarnings());
                                connection.clearWarnings();
                                yield null;
                            }
                            default -> method.invoke(connection, arguments);
                        });
    }

    private void keep(@Nullable SQLWarning first) {
        for (SQLWarning notice = first; notice != null; notice = notice.getNextWarning()) {
            plans.add(notice.getMessage());
        }
    }

    private PreparedStatement explained(PreparedStatement statement) {
        return proxy(
                PreparedStatement.class,
                (method, arguments) -> {
                    if (method.getName().equals("close")) {
                        keep(statement.getWarnings());
                    }
                    return method.invoke(statement, arguments);
                });
    }

    private interface Call {
        Object make(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(
                        ExplainedStatements.class.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            try {
                                return call.make(method, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}

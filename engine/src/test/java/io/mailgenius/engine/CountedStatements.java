package io.mailgenius.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Records the statements that a node sends to PostgreSQL, and each commit of a transaction. */
public final class CountedStatements implements BeanPostProcessor {

    private static final String COMMIT = "COMMIT";

    private final List<String> statements = new CopyOnWriteArrayList<>();

    /** The statements in the order of execution. */
    public List<String> statements() {
        return statements.stream().filter(sql -> !sql.equals(COMMIT)).toList();
    }

    public long commits() {
        return statements.stream().filter(sql -> sql.equals(COMMIT)).count();
    }

    public void forget() {
        statements.clear();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source ? new Counted(source) : bean;
    }

    private final class Counted extends DelegatingDataSource {

        Counted(DataSource source) {
            super(source);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return proxy(
                    Connection.class,
                    (method, arguments) -> {
                        if (method.getName().equals("commit")) {
                            statements.add(COMMIT);
                        }
                        Object result = method.invoke(connection, arguments);
                        return result instanceof PreparedStatement statement
                                        && arguments != null
                                        && arguments[0] instanceof String sql
                                ? counted(statement, sql)
                                : result;
                    });
        }
    }

    private PreparedStatement counted(PreparedStatement statement, String sql) {
        return proxy(
                PreparedStatement.class,
                (method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        statements.add(sql.strip().replaceAll("\\s+", " "));
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
                        CountedStatements.class.getClassLoader(),
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

package io.mailgenius.engine;

import io.lettuce.core.RedisClient;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Crashes a node at an exact commit, like kill -9: its open transactions are closed, and from then
 * on none of its commands reaches PostgreSQL or Redis. What its threads still do in memory has no
 * effect.
 */
public final class FaultInjection implements BeanPostProcessor {

    /** The message of what a dead node's connections throw. */
    static final String DEAD = "This node is dead";

    /** Whether the crash happens before or after the commit. */
    public enum Side {
        BEFORE,
        AFTER
    }

    private final Side side;
    private final String sql;
    private final AtomicInteger left;
    private final CountDownLatch dead = new CountDownLatch(1);
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final List<RedisClient> redis = new ArrayList<>();

    private FaultInjection(Side side, String sql, int nth) {
        this.side = side;
        this.sql = sql;
        this.left = new AtomicInteger(nth);
    }

    /** Crashes at the first commit of a transaction with a statement that contains this text. */
    public static FaultInjection at(Side side, String sql) {
        return at(side, 1, sql);
    }

    /** Crashes at the nth such commit. */
    public static FaultInjection at(Side side, int nth, String sql) {
        return new FaultInjection(side, sql, nth);
    }

    /** Crashes at the nth commit of any transaction. */
    public static FaultInjection atCommit(Side side, int nth) {
        return new FaultInjection(side, "", nth);
    }

    /** Crashes only when {@link #now} is called. */
    public static FaultInjection later() {
        return new FaultInjection(Side.BEFORE, "no statement contains this", 1);
    }

    /** Returns when the node has crashed; fails the test if it does not. */
    public void await() throws InterruptedException {
        if (!dead.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("The node never committed: " + sql);
        }
    }

    public boolean happened() {
        return dead.getCount() == 0;
    }

    public void now() {
        dead.countDown();
        open.forEach(FaultInjection::cut);
        redis.forEach(client -> client.shutdownAsync());
    }

    private static void cut(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException alreadyCut) {
            // The node has crashed anyway.
        }
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof LettuceConnectionFactory factory
                && factory.getNativeClient() instanceof RedisClient client) {
            redis.add(client);
        }
        return bean instanceof DataSource source ? new CrashingDataSource(source) : bean;
    }

    private final class CrashingDataSource extends DelegatingDataSource {

        CrashingDataSource(DataSource source) {
            super(source);
        }

        @Override
        public Connection getConnection() throws SQLException {
            requireAlive();
            Connection connection = super.getConnection();
            open.add(connection.unwrap(Connection.class));
            if (happened()) {
                cut(connection);
            }
            return proxy(Connection.class, new Session(connection));
        }
    }

    private void requireAlive() throws SQLException {
        if (happened()) {
            throw new SQLException(DEAD, "08006");
        }
    }

    /** A session: the statements of its transaction, and what ends it. */
    private final class Session implements InvocationHandler {

        private final Connection connection;
        private final StringBuilder transaction = new StringBuilder();

        Session(Connection connection) {
            this.connection = connection;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("commit")) {
                return ending(() -> call(connection, method, arguments));
            }
            Object result = call(connection, method, arguments);
            if (result instanceof PreparedStatement statement
                    && arguments != null
                    && arguments[0] instanceof String text) {
                return proxy(PreparedStatement.class, new TrackedStatement(this, statement, text));
            }
            return result;
        }

        Object executing(String text, Call call) throws Throwable {
            transaction.append(text);
            return connection.getAutoCommit() ? ending(call) : call.make();
        }

        private Object ending(Call call) throws Throwable {
            boolean last =
                    transaction.toString().contains(sql)
                            && !transaction.isEmpty()
                            && left.decrementAndGet() == 0;
            transaction.setLength(0);
            requireAlive();
            if (last && side == Side.BEFORE) {
                now();
            }
            requireAlive();
            Object result = call.make();
            if (last && side == Side.AFTER) {
                now();
            }
            requireAlive();
            return result;
        }
    }

    private record TrackedStatement(Session talk, PreparedStatement statement, String text)
            implements InvocationHandler {

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            return method.getName().startsWith("execute")
                    ? talk.executing(text, () -> call(statement, method, arguments))
                    : call(statement, method, arguments);
        }
    }

    private interface Call {
        Object make() throws Throwable;
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(
                        FaultInjection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mailgenius.engine.launching.SupersededException;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class TransientFailureFilterTest {

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("some.library");
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @BeforeEach
    void listen() {
        TransientFailureFilter filter = new TransientFailureFilter();
        filter.start();
        context.addTurboFilter(filter);
        written.start();
        logger.addAppender(written);
    }

    @Test
    void an_unavailable_database_is_logged_once_without_stack_traces() {
        for (int tries = 0; tries < 50; tries++) {
            logger.error(
                    "Unhandled exception. Will keep running.",
                    new CannotGetJdbcConnectionException(
                            "no", new SQLException("Connection refused", "08001")));
        }
        assertThat(written.list)
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.getFormattedMessage())
                                    .startsWith("PostgreSQL cannot be reached");
                            assertThat(event.getThrowableProxy()).isNull();
                        });
    }

    @Test
    void a_full_disk_is_logged_separately() {
        logger.warn("Chunk {} failed", 7, new SQLException("could not extend file", "53100"));
        logger.warn("Chunk {} failed", 8, new SQLException("Connection refused", "08001"));
        assertThat(written.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("PostgreSQL's disk is full"),
                        second -> assertThat(second).startsWith("PostgreSQL cannot be reached"));
    }

    @Test
    void a_job_that_another_node_took_over_logs_no_error_and_no_unknown_state() {
        for (int step = 0; step < 4; step++) {
            logger.error("Encountered an error executing step", new SupersededException(2, 4));
            logger.error(
                    "This job is now in an unknown state and should not be restarted.",
                    new IllegalStateException(
                            new OptimisticLockingFailureException("wrong version (1)")));
        }
        assertThat(written.list)
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.getLevel()).isEqualTo(Level.WARN);
                            assertThat(event.getFormattedMessage())
                                    .startsWith("Another node has taken over a job");
                        });
    }

    @Test
    void a_partitioned_step_does_not_repeat_the_failures_of_its_partitions() {
        logger.error(
                "Encountered an error executing step",
                new IllegalStateException("Partition handler returned an unsuccessful step"));
        assertThat(written.list).isEmpty();
    }

    @Test
    void a_defect_keeps_its_stack_trace() {
        logger.error("Oh", new IllegalStateException("a defect"));
        logger.error("Oh", new SQLException("syntax", "42601"));
        assertThat(written.list)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNotNull());
    }
}

package io.mailgenius.engine.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What workers do with the chunks of one step. A bean of the product, found by its step's name. */
public interface ChunkWork {

    /** The step's name, for instance {@code import.rows}. */
    String step();

    /**
     * How long an answer of PostgreSQL is waited for while a chunk is worked off; null for the
     * limit of the pool, which is a lease. A longer one only where single statements take that
     * long: as long a chunk can be late whose connection died without a word.
     */
    default @Nullable Duration statementLimit() {
        return null;
    }

    /**
     * Works one chunk off. It may run again, after a crash or a lost lease, and then must come to
     * the same end: what {@link Assignment#complete} did is there or not there as a whole.
     *
     * @return what {@link Assignment#complete} answered
     * @throws Exception the chunk goes back and is tried again after a while
     */
    ChunkDone work(Assignment chunk) throws Exception;
}

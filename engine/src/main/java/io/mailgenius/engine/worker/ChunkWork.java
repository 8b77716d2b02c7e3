package io.mailgenius.engine.worker;

/** What workers do with the chunks of one step. A bean of the product, found by its step's name. */
public interface ChunkWork {

    /** The step's name, for instance {@code import.rows}. */
    String step();

    /**
     * Works one chunk off. It may run again, after a crash or a lost lease, and then must come to
     * the same end: what {@link Assignment#complete} did is there or not there as a whole.
     *
     * @return what {@link Assignment#complete} answered
     * @throws Exception the chunk goes back and is tried again after a while
     */
    Done work(Assignment chunk) throws Exception;
}

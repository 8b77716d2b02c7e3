package io.mailgenius.jobs.imports.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where uploaded files are kept, reached by every node: a folder today. A file appears under its
 * key only when it is whole, and never changes.
 */
public interface FileStorage {

    /**
     * @param bytes how many it has
     */
    record Kept(String key, long bytes) {}

    /**
     * @param sha256 of its bytes
     */
    record Stored(String key, long bytes, byte[] sha256) {}

    /** Work on a file that has to lie on this machine. */
    interface LocalWork<R> {
        R on(Path file) throws IOException;
    }

    /**
     * Reads the content to its end; what breaks off leaves nothing.
     *
     * @throws IOException if the content breaks off or the store is full
     */
    Stored store(InputStream content) throws IOException;

    /**
     * Takes over a file that is complete, without reading it.
     *
     * @throws IOException if it breaks off or the store is full; nothing is kept then
     */
    Kept receive(Arrival arrival) throws IOException;

    /**
     * @param from offset of the first byte
     * @throws IllegalStateException if this node does not see the file
     */
    InputStream open(String key, long from) throws IOException;

    /** For what reads back and forth, such as a spreadsheet. */
    <R> R local(String key, LocalWork<R> work) throws IOException;

    /** Nothing if it is gone already. */
    void delete(String key);
}

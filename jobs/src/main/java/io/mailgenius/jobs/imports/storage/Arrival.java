package io.mailgenius.jobs.imports.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that has arrived whole and is to be stored. */
@FunctionalInterface
public interface Arrival {

    /**
     * Makes the file appear there, without copying its bytes if that can be had.
     *
     * @param target does not exist yet
     * @throws IOException if the content breaks off or the disk is full
     */
    void moveTo(Path target) throws IOException;

    /** Bytes that are still to be read, to their end. */
    static Arrival of(InputStream content) {
        return target -> Files.copy(content, target);
    }

    /** A file that stays where it is; a link costs nothing where both folders are on one disk. */
    static Arrival of(Path file) {
        return target -> {
            try {
                Files.createLink(target, file);
            } catch (IOException | UnsupportedOperationException noLink) {
                Files.copy(file, target);
            }
        };
    }
}

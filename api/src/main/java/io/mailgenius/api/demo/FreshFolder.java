package io.mailgenius.api.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The demo's data folder. What an earlier demo left in it goes; what anything else put there does
 * not, and the demo refuses to begin.
 */
final class FreshFolder {

    private static final String MARK = ".mailgenius-demo";

    private FreshFolder() {}

    /** A complaint for the person who started it, or nothing: then the folder is empty and ours. */
    static Optional<String> prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path mark = folder.resolve(MARK);
        if (!Files.exists(mark) && !isEmpty(folder)) {
            return Optional.of(
                    "MAILGENIUS_DATA_DIR is "
                            + folder
                            + ", which holds something that is not an old demo: name an empty folder.");
        }
        // Held until the process ends, however it ends.
        FileChannel channel =
                FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return Optional.of(
                    "Another demo runs in " + folder + ": stop it, or set MAILGENIUS_DATA_DIR.");
        }
        empty(folder, mark);
        return Optional.empty();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private static void empty(Path folder, Path except) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!file.equals(except)) {
                            Files.deleteIfExists(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (!directory.equals(folder)) {
                            Files.deleteIfExists(directory);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}

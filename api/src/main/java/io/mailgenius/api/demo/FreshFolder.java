package io.mailgenius.api.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data folder of the demo. Files of an earlier demo are deleted; the demo refuses to use a
 * folder that contains anything else.
 */
final class FreshFolder {

    private static final String MARK = ".mailgenius-demo";
    private static final String LOG = "demo.log";

    private final Path folder;

    /** The folders that the first demo created, innermost first. */
    private final List<Path> made;

    /** Holds the file lock until the process ends. */
    private final FileChannel mark;

    private FreshFolder(Path folder, List<Path> made, FileChannel mark) {
        this.folder = folder;
        this.made = made;
        this.mark = mark;
    }

    /** Either an empty folder that this demo has locked, or the reason why there is none. */
    sealed interface Prepared {

        record Ready(FreshFolder folder) implements Prepared {}

        record Refused(String complaint) implements Prepared {}
    }

    static Prepared prepare(Path folder) throws IOException {
        List<Path> made = missing(folder);
        Files.createDirectories(folder);
        Path mark = folder.resolve(MARK);
        if (!Files.exists(mark) && !isEmpty(folder)) {
            return new Prepared.Refused(
                    "MAILGENIUS_DATA_DIR is "
                            + folder
                            + ", which contains files that are not of a demo: choose an empty folder.");
        }
        FileChannel channel =
                FileChannel.open(
                        mark,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return new Prepared.Refused(
                    "Another demo runs in " + folder + ": stop it, or set MAILGENIUS_DATA_DIR.");
        }
        deleteAllBut(folder, mark);
        return new Prepared.Ready(new FreshFolder(folder, remembered(made, channel), channel));
    }

    /**
     * Records the created folders for later demos, which find them existing. It writes through the
     * locked channel, because closing another channel on the file would release the lock.
     */
    private static List<Path> remembered(List<Path> made, FileChannel mark) throws IOException {
        if (mark.size() == 0) {
            String lines = String.join("\n", made.stream().map(Path::toString).toList());
            mark.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)), 0);
            return made;
        }
        ByteBuffer lines = ByteBuffer.allocate((int) mark.size());
        mark.read(lines, 0);
        return new String(lines.array(), StandardCharsets.UTF_8).lines().map(Path::of).toList();
    }

    private static List<Path> missing(Path folder) {
        return Stream.iterate(folder, it -> it != null && Files.notExists(it), Path::getParent)
                .toList();
    }

    Path path() {
        return folder;
    }

    Path log() {
        return folder.resolve(LOG);
    }

    /** Deletes everything but the log. */
    void deleteAllButLog() throws IOException {
        deleteAllBut(folder, folder.resolve(MARK), log());
    }

    /** Releases the lock. */
    void release() throws IOException {
        mark.close();
    }

    /**
     * Deletes the folder, and the parent folders that were created for it unless they contain other
     * files.
     */
    void delete() throws IOException {
        release();
        deleteAllBut(folder);
        for (Path empty : made) {
            if (Files.exists(empty) && isEmpty(empty)) {
                Files.delete(empty);
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private static void deleteAllBut(Path folder, Path... kept) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!List.of(kept).contains(file)) {
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

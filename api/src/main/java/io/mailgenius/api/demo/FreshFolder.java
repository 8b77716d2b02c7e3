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
 * The demo's data folder. Files of an earlier demo are deleted; a folder that holds anything else
 * is left alone, and the demo refuses to begin.
 */
final class FreshFolder {

    private static final String MARK = ".mailgenius-demo";
    private static final String LOG = "demo.log";

    private final Path folder;

    /** Those that were not there before the first demo, the innermost first. */
    private final List<Path> made;

    /** Its lock is held until the process ends, however it ends. */
    private final FileChannel mark;

    private FreshFolder(Path folder, List<Path> made, FileChannel mark) {
        this.folder = folder;
        this.made = made;
        this.mark = mark;
    }

    /** An empty folder that belongs to this demo, or why it cannot be had. */
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
                            + ", which holds something that is not an old demo: name an empty folder.");
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
     * Writes down what was made, for the next demo, which finds it made. By the channel that has
     * the lock: closing another one would give it up.
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

    /** What somebody may still want to read when the demo is over. */
    void deleteAllButLog() throws IOException {
        deleteAllBut(folder, folder.resolve(MARK), log());
    }

    /** Lets another demo have it. */
    void release() throws IOException {
        mark.close();
    }

    /** With the folders that were made for it, unless somebody else uses them by now. */
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

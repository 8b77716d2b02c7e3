package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A file system in memory of a fixed size that can be filled. Mounting it needs privileges. */
final class SmallDisk implements AutoCloseable {

    private static final int MEGABYTE = 1 << 20;
    private static final long PATIENCE_SECONDS = 30;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Empty if the user may not mount file systems. */
    static Optional<SmallDisk> mount(Path folder, long megabytes)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        return run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + megabytes + "m",
                        "tmpfs",
                        folder.toString())
                ? Optional.of(new SmallDisk(folder))
                : Optional.empty();
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /** Fills the disk to the last byte. */
    void fill() throws IOException {
        byte[] zeros = new byte[MEGABYTE];
        for (int size = zeros.length; size > 0; size /= 16) {
            try (OutputStream out =
                    Files.newOutputStream(
                            filler(),
                            java.nio.file.StandardOpenOption.CREATE,
                            java.nio.file.StandardOpenOption.APPEND)) {
                while (folder.toFile().exists()) {
                    out.write(zeros, 0, size);
                }
            } catch (IOException full) {
                if (!Files.exists(filler())) {
                    throw full;
                }
            }
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    /** Open files stay usable until they are closed. */
    @Override
    public void close() {
        try {
            run("umount", "-l", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.workspaces.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Opens zip files. {@link ZipFile} reads the whole directory of a file into memory, so the size of
 * the directory is checked first.
 */
final class ZipDirectory {

    private static final long MAX_BYTES = 8L << 20;

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_BYTES = 56;
    private static final long IN_END_64 = 0xFFFFFFFFL;

    private ZipDirectory() {}

    /**
     * @throws Refusal.Invalid if it is damaged, encrypted, or has too many files
     */
    static ZipFile open(Path file) throws IOException {
        if (bytes(file) > MAX_BYTES) {
            throw new Refusal.Invalid(
                    "import-zip-of-several",
                    String.format(
                            Locale.ROOT,
                            "The list of files in the zip is longer than %d MiB: import one file at a time.",
                            MAX_BYTES >> 20));
        }
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            if (String.valueOf(e.getMessage()).contains("encrypted")) {
                throw new Refusal.Invalid(
                        "import-is-encrypted", "The zip file has a password: pack it without one.");
            }
            throw Container.damaged("zip", e, 0);
        }
    }

    /** Checks every record that could be the end of the directory. */
    private static long bytes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            long from = Math.max(0, size - END_BYTES - MAX_COMMENT);
            ByteBuffer tail = read(channel, from, (int) (size - from));
            long most = 0;
            for (int at = 0; at + END_BYTES <= tail.limit(); at++) {
                if (tail.getInt(at) == END) {
                    long bytes = tail.getInt(at + 12) & 0xFFFFFFFFL;
                    most = Math.max(most, bytes == IN_END_64 ? bytes64(channel, from + at) : bytes);
                }
            }
            return most;
        }
    }

    private static long bytes64(FileChannel channel, long end) throws IOException {
        ByteBuffer locator = read(channel, end - LOCATOR_64_BYTES, LOCATOR_64_BYTES);
        if (locator.limit() < LOCATOR_64_BYTES || locator.getInt(0) != LOCATOR_64) {
            return IN_END_64;
        }
        ByteBuffer end64 = read(channel, locator.getLong(8), END_64_BYTES);
        if (end64.limit() < END_64_BYTES || end64.getInt(0) != END_64) {
            return IN_END_64;
        }
        long bytes = end64.getLong(40);
        return bytes < 0 ? Long.MAX_VALUE : bytes;
    }

    /** As many of the bytes as there are. */
    private static ByteBuffer read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (from >= 0
                && bytes.hasRemaining()
                && channel.read(bytes, from + bytes.position()) > 0) {
            continue;
        }
        return bytes.flip();
    }
}

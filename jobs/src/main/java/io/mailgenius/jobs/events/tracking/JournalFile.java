package io.mailgenius.jobs.events.tracking;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One file of the journal: consecutive records, each with its length and checksum. It is locked by
 * its node, so that nodes with a common data directory do not read each other's files.
 */
final class JournalFile {

    private static final int HEADER = 8;
    private static final int LONGEST = 64 * 1024;
    private static final int BLOCK = 1024 * 1024;

    private final Path file;
    private final FileChannel channel;
    private volatile long end;
    private long read;

    private JournalFile(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.end = channel.size();
    }

    /** Empty if another node holds the lock. */
    static Optional<JournalFile> open(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null && Files.exists(file)) {
                return Optional.of(new JournalFile(file, channel));
            }
        } catch (OverlappingFileLockException lockedInThisJvm) {
            // The channel stays open, because closing it would release the lock of the other owner
            // on some systems.
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }

    static byte[] framed(byte[] record) {
        return ByteBuffer.allocate(HEADER + record.length)
                .putInt(record.length)
                .putInt(checksum(record))
                .put(record)
                .array();
    }

    /**
     * Returns when the records are on disk. After a crash, a torn record is detected by its
     * checksum.
     */
    void append(List<byte[]> framed) throws IOException {
        int size = framed.stream().mapToInt(record -> record.length).sum();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        framed.forEach(bytes::put);
        bytes.flip();
        long at = end;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(false);
        end = at;
    }

    record Read(List<byte[]> records, long after) {}

    /** Reads the next records without consuming them. A torn record is the end of the file. */
    Read peek(int most) throws IOException {
        ByteBuffer bytes = bytes(read, (int) Math.min(end - read, BLOCK));
        List<byte[]> records = new ArrayList<>();
        long after = read;
        while (records.size() < most && bytes.remaining() > HEADER) {
            int length = bytes.getInt();
            int checksum = bytes.getInt();
            boolean torn = length <= 0 || length > LONGEST || after + HEADER + length > end;
            if (!torn && length > bytes.remaining()) {
                break; // the next block begins with it
            }
            byte[] record = torn ? new byte[0] : new byte[length];
            bytes.get(record);
            if (torn || checksum(record) != checksum) {
                end = after;
                break;
            }
            records.add(record);
            after += HEADER + length;
        }
        return new Read(records, after);
    }

    private static int checksum(byte[] record) {
        CRC32C checksum = new CRC32C();
        checksum.update(record);
        return (int) checksum.getValue();
    }

    private ByteBuffer bytes(long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
        return bytes.flip();
    }

    /**
     * @param most the file may have fewer
     * @return how many records were consumed
     */
    int acknowledge(int most) throws IOException {
        Read next = peek(most);
        read = next.after();
        return next.records().size();
    }

    boolean isRead() {
        return endsAt(read);
    }

    /** Whether the file ends at this position. */
    boolean endsAt(long position) {
        return end - position <= HEADER;
    }

    long size() {
        return end;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
        channel.close();
    }

    void close() throws IOException {
        channel.close();
    }
}

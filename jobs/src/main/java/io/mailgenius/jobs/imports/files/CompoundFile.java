package io.mailgenius.jobs.imports.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The directory of a file in the Compound File Binary Format (MS-CFB), in which old and encrypted
 * Office documents are.
 */
final class CompoundFile {

    private static final int HEADER = 512;
    private static final int SECTOR_SHIFT = 30;
    private static final int FIRST_DIRECTORY_SECTOR = 48;
    private static final int TABLE_SECTORS = 76;
    private static final int TABLE_SECTORS_IN_HEADER = 109;
    private static final int ENTRY = 128;
    private static final int NAME_BYTES = 64;

    /** The streams that identify the kind are among the first. */
    private static final int MAX_DIRECTORY_SECTORS = 256;

    private final FileChannel channel;
    private final ByteBuffer header;
    private final int sectorSize;

    private CompoundFile(FileChannel channel) throws IOException {
        this.channel = channel;
        this.header = read(0, HEADER);
        this.sectorSize = header.getShort(SECTOR_SHIFT) == 12 ? 4096 : 512;
    }

    /** The names of its streams; of a damaged file those that can be found. */
    static Set<String> names(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return new CompoundFile(channel).names();
        }
    }

    private Set<String> names() throws IOException {
        Set<String> names = new HashSet<>();
        long sector = header.getInt(FIRST_DIRECTORY_SECTOR) & 0xFFFFFFFFL;
        for (int n = 0; n < MAX_DIRECTORY_SECTORS && isThere(sector); n++) {
            ByteBuffer entries = read(offset(sector), sectorSize);
            for (int at = 0; at < sectorSize; at += ENTRY) {
                int length = entries.getShort(at + NAME_BYTES) - 2;
                if (length > 0 && length < NAME_BYTES) {
                    byte[] name = new byte[length];
                    entries.get(at, name);
                    names.add(new String(name, StandardCharsets.UTF_16LE));
                }
            }
            sector = next(sector);
        }
        return names;
    }

    private boolean isThere(long sector) throws IOException {
        return offset(sector) < channel.size();
    }

    private long offset(long sector) {
        return (sector + 1) * sectorSize;
    }

    /** The next sector of the chain; far beyond the file if there is none. */
    private long next(long sector) throws IOException {
        int perSector = sectorSize / Integer.BYTES;
        long table = sector / perSector;
        if (table >= TABLE_SECTORS_IN_HEADER) {
            return 0xFFFFFFFFL;
        }
        long tableSector = header.getInt(TABLE_SECTORS + (int) table * Integer.BYTES) & 0xFFFFFFFFL;
        return isThere(tableSector)
                ? read(offset(tableSector) + sector % perSector * Integer.BYTES, Integer.BYTES)
                                .getInt(0)
                        & 0xFFFFFFFFL
                : 0xFFFFFFFFL;
    }

    /** Behind the end of the file there are zeros. */
    private ByteBuffer read(long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
            continue;
        }
        return bytes.clear();
    }
}

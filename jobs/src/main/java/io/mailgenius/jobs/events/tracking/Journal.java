package io.mailgenius.jobs.events.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of hits that were answered and are not in the database yet, on the local disk.
 * Callers share one flush, as in {@code GroupCommit}; a single reader consumes it in order. A file
 * is deleted when all its records are in the database, so a crash repeats records and loses none.
 */
final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String SUFFIX = ".journal";

    /** Files with this extension are not read; an operator can rename one to have it replayed. */
    private static final String REFUSED = ".refused";

    private static final long SEGMENT = 1024 * 1024;
    private static final int BATCH = 1_000;

    private record Waiting(byte[] framed, CompletableFuture<Boolean> written) {}

    private final Path folder;
    private final long room;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(8_000);
    private final Waiting end = new Waiting(new byte[0], new CompletableFuture<>());
    private final Thread writer = Thread.ofPlatform().name("journal").unstarted(this::writeAll);
    private final Deque<JournalFile> segments = new ArrayDeque<>();
    private @Nullable JournalFile active;
    private @Nullable JournalFile aside;
    private volatile boolean closed;

    /**
     * @param room the largest number of bytes that may wait on disk
     */
    Journal(Path folder, long room) {
        this.folder = folder;
        this.room = room;
    }

    /** Adopts the files of nodes that have died. */
    void start() {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                    JournalFile.open(file).ifPresent(this::add);
                }
            } catch (IOException unreadable) {
                LOG.error(
                        "The journal file {} cannot be read and is left in place",
                        folder,
                        unreadable);
            }
        }
        writer.start();
    }

    private synchronized void add(JournalFile journalFile) {
        segments.add(journalFile);
    }

    /** Returns whether the record is on disk. False if the journal is full or the disk fails. */
    boolean append(byte[] record) {
        Waiting waiting = new Waiting(JournalFile.framed(record), new CompletableFuture<>());
        if (closed || !queue.offer(waiting) || (closed && queue.remove(waiting))) {
            return false;
        }
        return waiting.written().join();
    }

    private void writeAll() {
        List<Waiting> batch = new ArrayList<>();
        boolean more = true;
        while (more) {
            batch.clear();
            try {
                batch.add(queue.take());
            } catch (InterruptedException ignored) {
                continue;
            }
            queue.drainTo(batch, BATCH - 1);
            if (batch.remove(end)) {
                more = false;
                queue.drainTo(batch);
            }
            if (!batch.isEmpty()) {
                boolean written = write(batch);
                batch.forEach(waiting -> waiting.written().complete(written));
            }
        }
    }

    private boolean write(List<Waiting> batch) {
        if (size() >= room) {
            return false;
        }
        try {
            segment().append(batch.stream().map(Waiting::framed).toList());
        } catch (IOException e) {
            LOG.error("{} hits could not be written to the journal in {}", batch.size(), folder, e);
            retire(); // the file stays readable up to the torn record
            return false;
        }
        return true;
    }

    private synchronized long size() {
        return segments.stream().mapToLong(JournalFile::size).sum();
    }

    private synchronized void retire() {
        active = null;
    }

    private synchronized JournalFile segment() throws IOException {
        if (active == null || active.size() >= SEGMENT) {
            Files.createDirectories(folder);
            active = JournalFile.open(folder.resolve(UUID.randomUUID() + SUFFIX)).orElseThrow();
            segments.add(active);
        }
        return active;
    }

    /**
     * Reads the next records without consuming them, across files, so that a record that cannot be
     * processed blocks none behind it.
     */
    synchronized List<byte[]> peek(int most) throws IOException {
        List<byte[]> records = new ArrayList<>();
        if (front() != null) {
            for (JournalFile journalFile : segments) {
                JournalFile.Read read = journalFile.peek(most - records.size());
                records.addAll(read.records());
                if (records.size() == most || !journalFile.endsAt(read.after())) {
                    break;
                }
            }
        }
        return records;
    }

    private @Nullable JournalFile front() throws IOException {
        while (!segments.isEmpty()) {
            JournalFile first = segments.getFirst();
            if (!first.isRead() && !first.peek(1).records().isEmpty()) {
                return first;
            }
            if (first.equals(active) && first.size() < SEGMENT) {
                return null;
            }
            if (first.equals(active)) {
                active = null;
            }
            segments.removeFirst();
            first.delete();
        }
        return null;
    }

    /** Consumes records. */
    synchronized void acknowledge(int records) throws IOException {
        int left = records;
        for (JournalFile front = front(); front != null && left > 0; front = front()) {
            left -= front.acknowledge(left);
        }
    }

    /** Writes the record durably to the file of refused records. */
    synchronized void moveToRefused(byte[] record) throws IOException {
        if (aside == null) {
            Path file = folder.resolve(UUID.randomUUID() + REFUSED);
            aside = JournalFile.open(file).orElseThrow();
            LOG.error("Hits that cannot be stored are moved to {}", file);
        }
        aside.append(List.of(JournalFile.framed(record)));
    }

    /** Writes the waiting records; new ones are rejected. */
    void rejectAppends() {
        closed = true;
        try {
            queue.put(end);
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Unread records are kept for the next start. */
    synchronized void close() throws IOException {
        active = null;
        front();
        for (JournalFile journalFile : segments) {
            journalFile.close();
        }
        segments.clear();
        if (aside != null) {
            aside.close();
            aside = null;
        }
    }
}

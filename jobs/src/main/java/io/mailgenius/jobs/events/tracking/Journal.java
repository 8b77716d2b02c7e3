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
 * What has been answered and is not in the database yet, on this node's disk. Many callers share
 * one flush, as with {@code GroupCommit}; one reader takes from the front. A file goes when all of
 * it is in the database, so a crash at any point repeats records and loses none.
 */
final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String SUFFIX = ".journal";

    /** Not looked at by itself; renamed to that of a journal, it is tried again. */
    private static final String REFUSED = ".refused";

    private static final long SEGMENT = 1024 * 1024;
    private static final int TOGETHER = 1_000;

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
     * @param room bytes that may wait on disk
     */
    Journal(Path folder, long room) {
        this.folder = folder;
        this.room = room;
    }

    /** Takes over what nodes that are no more have left behind. */
    void start() {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                    JournalFile.open(file).ifPresent(this::add);
                }
            } catch (IOException unreadable) {
                LOG.error("The journal in {} cannot be read; it stays there", folder, unreadable);
            }
        }
        writer.start();
    }

    private synchronized void add(JournalFile journalFile) {
        segments.add(journalFile);
    }

    /** Whether it is on disk. If not, there is no room or the disk does not take it. */
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
            } catch (InterruptedException notForUs) {
                continue;
            }
            queue.drainTo(batch, TOGETHER - 1);
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
            LOG.error("{} hits are not in the journal in {}", batch.size(), folder, e);
            retire(); // what is in it stays readable up to what was torn off
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
     * Those at the front, without taking them: of all files, so that one that is not taken holds up
     * none behind it.
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

    /** They are where they belong. */
    synchronized void passed(int records) throws IOException {
        int left = records;
        for (JournalFile front = front(); front != null && left > 0; front = front()) {
            left -= front.passed(left);
        }
    }

    /** On disk, in a file that nobody reads, when it returns. */
    synchronized void setAside(byte[] record) throws IOException {
        if (aside == null) {
            Path file = folder.resolve(UUID.randomUUID() + REFUSED);
            aside = JournalFile.open(file).orElseThrow();
            LOG.error("What cannot become an event is set aside in {}", file);
        }
        aside.append(List.of(JournalFile.framed(record)));
    }

    /** Writes what is waiting; what comes now is not taken. */
    void closeDoor() {
        closed = true;
        try {
            queue.put(end);
            writer.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was not read stays for the next start. */
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

package io.mailgenius.jobs.imports.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that parse spreadsheets. They are few, so that parallel uploads cannot use all cores and
 * all memory. They are platform threads, because a virtual thread that computes for seconds blocks
 * its carrier thread, and with it other requests.
 */
final class SpreadsheetThreads {

    private static final int AT_ONCE =
            Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);

    private static final ExecutorService THREADS =
            Executors.newFixedThreadPool(
                    AT_ONCE, Thread.ofPlatform().daemon().name("spreadsheet-", 0).factory());

    private SpreadsheetThreads() {}

    interface Parsing<R> {
        R parse() throws IOException;
    }

    /** Waits for a thread and then for the result. */
    static <R> R run(Parsing<R> parsing) throws IOException {
        Future<R> result = THREADS.submit(parsing::parse);
        try {
            return result.get();
        } catch (InterruptedException e) {
            result.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The spreadsheet was not read to its end");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException refused -> throw refused;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}

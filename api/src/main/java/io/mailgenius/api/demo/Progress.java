package io.mailgenius.api.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far one phase is: a bar that is redrawn on a terminal, otherwise a plain line every few
 * seconds.
 */
final class Progress {

    private static final int WIDTH = 28;
    private static final long PLAIN_EVERY = 3_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final String phase;
    private final long started;
    private long lastPlain;

    Progress(PrintStream out, boolean terminal, LongSupplier nanos, String phase) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
        this.phase = phase;
        this.started = nanos.getAsLong();
        this.lastPlain = started;
    }

    static boolean onTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    void at(long done, long total) {
        long now = nanos.getAsLong();
        if (terminal) {
            out.print("\r\u001b[K" + line(done, total, now));
            out.flush();
        } else if (now - lastPlain >= PLAIN_EVERY) {
            lastPlain = now;
            out.println(line(done, total, now));
        }
    }

    double finished(long done) {
        double seconds = (nanos.getAsLong() - started) / 1e9;
        out.println(
                (terminal ? "\r\u001b[K" : "")
                        + String.format(
                                Locale.ROOT,
                                "%-8s %,12d  in %.1f s (%,.0f/s)",
                                phase,
                                done,
                                seconds,
                                done / Math.max(seconds, 0.001)));
        return seconds;
    }

    private String line(long done, long total, long now) {
        double share = total <= 0 ? 0 : Math.clamp((double) done / total, 0, 1);
        double seconds = (now - started) / 1e9;
        double rate = done / Math.max(seconds, 0.001);
        int filled = (int) Math.round(share * WIDTH);
        String figures =
                String.format(
                        Locale.ROOT,
                        "%3.0f%%  %,d of %,d  %,.0f/s%s",
                        share * 100,
                        done,
                        total,
                        rate,
                        left(done, total, rate));
        return terminal
                ? String.format(
                        Locale.ROOT,
                        "%-8s %s%s %s",
                        phase,
                        "█".repeat(filled),
                        "░".repeat(WIDTH - filled),
                        figures)
                : phase + " " + figures;
    }

    private static String left(long done, long total, double rate) {
        if (done <= 0 || done >= total) {
            return "";
        }
        long seconds = Math.round((total - done) / rate);
        return seconds < 60
                ? "  " + seconds + " s left"
                : "  " + seconds / 60 + " min " + seconds % 60 + " s left";
    }
}

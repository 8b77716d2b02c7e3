package io.mailgenius.api.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows the progress of one stage. On a terminal a bar is redrawn and replaced by the result;
 * otherwise one line is printed per stage, and one more every half minute of a long stage.
 */
final class Progress {

    private static final int WIDTH = 20;
    private static final long PLAIN_EVERY = 30_000_000_000L;

    /** Rates over less than a second are not shown, because they are not meaningful. */
    private static final double MIN_SECONDS_FOR_RATE = 1;

    /** Returns to the start of the line and erases it. */
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final Stage stage;
    private final String full;
    private final String empty;
    private final long started;
    private long lastPlain;

    Progress(PrintStream out, boolean terminal, LongSupplier nanos, Stage stage) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
        this.stage = stage;
        boolean blocks = out.charset().newEncoder().canEncode('█');
        this.full = blocks ? "█" : "#";
        this.empty = blocks ? "░" : ".";
        this.started = nanos.getAsLong();
        this.lastPlain = started;
    }

    /**
     * @param total 0 while unknown
     */
    synchronized void at(long done, long total) {
        long now = nanos.getAsLong();
        if (terminal) {
            out.print(ERASE_LINE + bar(done, total) + figures(done, total, seconds(now)));
            out.flush();
        } else if (now - lastPlain >= PLAIN_EVERY) {
            lastPlain = now;
            out.println(title() + figures(done, total, seconds(now)));
        }
    }

    /**
     * @param done 0 if nothing is counted
     * @return the duration in seconds
     */
    synchronized double finished(long done) {
        double seconds = seconds(nanos.getAsLong());
        String rate =
                stage.isRated() && seconds >= MIN_SECONDS_FOR_RATE
                        ? String.format(Locale.ROOT, " %,7.0f %s/s", done / seconds, stage.unit())
                        : "";
        out.println(
                (terminal ? ERASE_LINE : "")
                        + title()
                        + String.format(
                                Locale.ROOT,
                                "%10s %-33s %6.1f s%s",
                                done == 0 ? "" : String.format(Locale.ROOT, "%,d", done),
                                stage.outcome(),
                                seconds,
                                rate));
        return seconds;
    }

    private double seconds(long now) {
        return (now - started) / 1e9;
    }

    private String title() {
        return String.format(Locale.ROOT, "%-8s ", stage.title());
    }

    private String bar(long done, long total) {
        int filled = (int) Math.round(share(done, total) * WIDTH);
        return title() + full.repeat(filled) + empty.repeat(WIDTH - filled) + "  ";
    }

    private static double share(long done, long total) {
        return total <= 0 ? 0 : Math.clamp((double) done / total, 0, 1);
    }

    private String figures(long done, long total, double seconds) {
        if (total <= 0) {
            return String.format(Locale.ROOT, "%s, %.0f s", stage.outcome(), seconds);
        }
        String figures =
                String.format(
                        Locale.ROOT,
                        "%3.0f%%  %,d of %,d %s",
                        share(done, total) * 100,
                        done,
                        total,
                        stage.unit());
        return stage.isRated() ? figures + left(done, total, seconds) : figures;
    }

    private static String left(long done, long total, double seconds) {
        // The first hundredth is too short for an estimate.
        if (done < total / 100 || done <= 0 || done >= total || seconds < MIN_SECONDS_FOR_RATE) {
            return "";
        }
        long left = Math.round((total - done) * seconds / done);
        if (left < 60) {
            return ", " + left + " s left";
        }
        return left < 3_600 ? ", " + left / 60 + " min left" : ", " + left / 3_600 + " h left";
    }
}

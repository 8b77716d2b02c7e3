package io.mailgenius.api.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far one stage is. On a terminal a bar is redrawn and its line is replaced when the
 * stage is over; elsewhere there is a line for each stage, and one more every half a minute of a
 * long one.
 */
final class Progress {

    private static final int WIDTH = 20;
    private static final long PLAIN_EVERY = 30_000_000_000L;

    /** A rate of less than a second says more about the clock than about the program. */
    private static final double LONG_ENOUGH = 1;

    /** Back to the beginning of the line, of which nothing stays. */
    private static final String AGAIN = "\r\u001b[K";

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
     * @param total 0 while it is not known
     */
    synchronized void at(long done, long total) {
        long now = nanos.getAsLong();
        if (terminal) {
            out.print(AGAIN + bar(done, total) + figures(done, total, seconds(now)));
            out.flush();
        } else if (now - lastPlain >= PLAIN_EVERY) {
            lastPlain = now;
            out.println(title() + figures(done, total, seconds(now)));
        }
    }

    /**
     * @param done 0 where nothing is counted
     * @return the seconds that it took
     */
    synchronized double finished(long done) {
        double seconds = seconds(nanos.getAsLong());
        String rate =
                stage.isRated() && seconds >= LONG_ENOUGH
                        ? String.format(Locale.ROOT, " %,7.0f %s/s", done / seconds, stage.unit())
                        : "";
        out.println(
                (terminal ? AGAIN : "")
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
        // Of the first hundredth nothing can be told.
        if (done < total / 100 || done <= 0 || done >= total || seconds < LONG_ENOUGH) {
            return "";
        }
        long left = Math.round((total - done) * seconds / done);
        if (left < 60) {
            return ", " + left + " s left";
        }
        return left < 3_600 ? ", " + left / 60 + " min left" : ", " + left / 3_600 + " h left";
    }
}

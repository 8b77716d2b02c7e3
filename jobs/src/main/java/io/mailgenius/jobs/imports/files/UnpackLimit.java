package io.mailgenius.jobs.imports.files;

import io.mailgenius.jobs.workspaces.Refusal;
import java.util.Locale;

/**
 * The limit of unpacked bytes of a packed file. Real spreadsheets unpack to 10 to 40 times their
 * size, files that are made to exhaust a server to a thousand times and more.
 */
final class UnpackLimit {

    private static final int MAX_RATIO = 100;
    private static final long ALWAYS_ALLOWED = 16L << 20;

    private final long most;
    private long unpacked;

    UnpackLimit(long packed) {
        this.most = Math.min(Container.MAX_UNPACKED, ALWAYS_ALLOWED + MAX_RATIO * packed);
    }

    /**
     * @throws Refusal.Invalid if the limit is exceeded
     */
    void add(long bytes) {
        unpacked += bytes;
        if (unpacked > most) {
            throw new Refusal.Invalid(
                    "import-too-large",
                    String.format(
                            Locale.ROOT,
                            "The spreadsheet unpacks to more than %,d MB, which is more than %d times its size or %d GB: save the sheet as CSV.",
                            most >> 20,
                            MAX_RATIO,
                            Container.MAX_UNPACKED >> 30));
        }
    }
}

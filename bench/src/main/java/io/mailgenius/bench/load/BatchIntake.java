package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the batches of one connection of {@link CountingProvider} and counts their mails. It does
 * as little work as possible, because it shares the machine with the measured program.
 */
final class BatchIntake {

    /** Occurs once in each mail and in no text of a mail, where quotes are escaped. */
    private static final byte[] TO = "\"to\":[".getBytes(US_ASCII);

    /** How far the search may advance after a byte that is not the last of {@link #TO}. */
    private static final int[] STEPS = steps();

    private static final int ROOM = 32 * 1024;
    private static final String LENGTH = "content-length:";
    private static final String BATCH = "POST /emails/batch ";

    private final InputStream in;
    private final OutputStream out;
    private final IntConsumer mails;
    private final byte[] room = new byte[ROOM];
    private int from;
    private int to;
    private int answered = -1;
    private byte[] answer = {};
    private String lastHead = "";

    /**
     * @param mails called with the number of mails before a batch is answered
     */
    BatchIntake(InputStream in, OutputStream out, IntConsumer mails) {
        this.in = in;
        this.out = out;
        this.mails = mails;
    }

    private static int[] steps() {
        int[] steps = new int[256];
        Arrays.fill(steps, TO.length);
        for (int n = 0; n < TO.length - 1; n++) {
            steps[TO[n]] = TO.length - 1 - n;
        }
        return steps;
    }

    /**
     * @param kept receives a copy of the body
     * @return false if there was no further request
     * @throws IOException if the connection breaks within a request, or the length is missing
     */
    boolean take(@Nullable ByteArrayOutputStream kept) throws IOException {
        String head = head();
        if (head.isEmpty()) {
            return false;
        }
        lastHead = head;
        int count = body(length(head), kept);
        if (head.startsWith(BATCH)) {
            mails.accept(count);
            out.write(answer(count));
        } else {
            out.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
        }
        return true;
    }

    /**
     * A header of the last request.
     *
     * @param name in lower case
     * @return empty if it is missing
     */
    String header(String name) {
        return lastHead.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** Up to and without the empty line. */
    private String head() throws IOException {
        toStart();
        for (int end = 0; ; end++) {
            if (end == to && !more()) {
                if (to > 0) {
                    throw new EOFException(
                            "A request that ends in its head, or has too long a one");
                }
                return "";
            }
            if (room[end] == '\n' && end > 2 && room[end - 2] == '\n') {
                from = end + 1;
                return new String(room, 0, end - 1, US_ASCII);
            }
        }
    }

    /** Moves the unread bytes to the start of the buffer. */
    private void toStart() {
        System.arraycopy(room, from, room, 0, to - from);
        to -= from;
        from = 0;
    }

    /** False at the end of the stream, or if the buffer is full. */
    private boolean more() throws IOException {
        int read = in.read(room, to, ROOM - to);
        to += Math.max(0, read);
        return read > 0;
    }

    private static long length(String head) throws IOException {
        for (int line = 0; line < head.length(); line = head.indexOf('\n', line) + 1) {
            if (head.regionMatches(true, line, LENGTH, 0, LENGTH.length())) {
                int end = head.indexOf('\r', line);
                return Long.parseLong(head.substring(line + LENGTH.length(), end).strip());
            }
        }
        if (head.startsWith("GET ")) {
            return 0;
        }
        throw new IOException("A request that does not say its length: " + head);
    }

    private int body(long length, @Nullable ByteArrayOutputStream kept) throws IOException {
        long left = length;
        int found = 0;
        while (left > 0) {
            int some = (int) Math.min(left, to - from);
            int end = from + some;
            int last = from + TO.length - 1;
            while (last < end) {
                if (room[last] == '[' && isTo(last)) {
                    found++;
                }
                last += STEPS[room[last] & 0xFF];
            }
            // The end may be the beginning of another match, so it is searched again with what
            // follows.
            int rest = some == left ? 0 : Math.min(some, TO.length - 1);
            if (kept != null) {
                kept.write(room, from, some - rest);
            }
            left -= some - rest;
            from = end - rest;
            if (left > 0) {
                toStart();
                if (!more()) {
                    throw new EOFException("A request that ends in its body");
                }
            }
        }
        return found;
    }

    private boolean isTo(int last) {
        int first = last - TO.length + 1;
        return Arrays.equals(room, first, last + 1, TO, 0, TO.length);
    }

    /** The responses for batches of the same size are reused. */
    private byte[] answer(int count) {
        if (count != answered) {
            StringBuilder json = new StringBuilder("{\"data\":[");
            for (int n = 0; n < count; n++) {
                json.append(n == 0 ? "" : ",")
                        .append("{\"id\":\"00000000-0000-4000-8000-000000000000\"}");
            }
            json.append("]}");
            answer =
                    String.format(
                                    Locale.ROOT,
                                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                                    json.length(),
                                    json)
                            .getBytes(US_ASCII);
            answered = count;
        }
        return answer;
    }
}

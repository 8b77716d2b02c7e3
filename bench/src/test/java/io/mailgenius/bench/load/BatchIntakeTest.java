package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a benchmark's server counts must be right, or its figures are of something else. */
class BatchIntakeTest {

    private static final String MAIL =
            "{\"from\":\"a@b.example\",\"to\":[\"c@d.example\"],\"text\":\"%s\"}";

    private final AtomicInteger mails = new AtomicInteger();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1_000, 32_768, 1_000_000})
    void mailsAreCountedHoweverTheyArrive(int atATime) throws IOException {
        String requests = batch(100) + batch(1) + "GET /domains HTTP/1.1\r\n\r\n" + batch(37);
        BatchIntake intake = new BatchIntake(slow(requests, atATime), out, mails::addAndGet);

        while (intake.take(null)) {
            // Until there is none.
        }

        assertThat(mails).hasValue(138);
        assertThat(out.toString(UTF_8).split("HTTP/1.1 ", -1)).hasSize(5);
        assertThat(out.toString(UTF_8).split("\"id\"", -1)).hasSize(139);
        assertThat(out.toString(UTF_8)).contains("404 Not Found");
    }

    @Test
    void aBodyIsKeptAsItCame() throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        String request = batch(100);

        new BatchIntake(slow(request, 1_000), out, mails::addAndGet).take(kept);

        assertThat(request).endsWith("\r\n\r\n" + kept.toString(UTF_8));
        assertThat(kept.size()).isGreaterThan(32 * 1024);
    }

    @Test
    void aConnectionThatBreaksInTheMiddleCountsNothing() {
        String request = batch(100);
        BatchIntake intake =
                new BatchIntake(
                        slow(request.substring(0, request.length() - 1), 1_000),
                        out,
                        mails::addAndGet);

        assertThatThrownBy(() -> intake.take(null)).isInstanceOf(EOFException.class);
        assertThat(mails).hasValue(0);
        assertThat(out.size()).isZero();
    }

    private static String batch(int mails) {
        StringBuilder body = new StringBuilder("[");
        for (int n = 0; n < mails; n++) {
            body.append(n == 0 ? "" : ",").append(MAIL.formatted("\\\"to\\\":[ ".repeat(n)));
        }
        body.append("]");
        return "POST /emails/batch HTTP/1.1\r\nHost: localhost\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    }

    private static InputStream slow(String text, int atATime) {
        return new ByteArrayInputStream(text.getBytes(UTF_8)) {
            @Override
            public int read(byte[] room, int from, int length) {
                return super.read(room, from, Math.min(atATime, length));
            }
        };
    }
}

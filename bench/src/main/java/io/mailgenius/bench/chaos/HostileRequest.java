package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A malicious request, sent byte by byte, because no client library would send it.
 *
 * @param name of its kind
 * @param head request line and headers
 * @param body writes the body, which may be truncated
 * @param times how many are sent concurrently
 */
record HostileRequest(String name, String head, Body body, int times) {

    private static final String PROBLEM = "\"problem\":\"";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Writes until everything is written, or the node closes the connection. */
    interface Body {

        void write(OutputStream out) throws IOException;
    }

    /**
     * The node's response.
     *
     * @param status 0 if it only closed the connection
     * @param problem the code of the problem, or an empty text
     */
    record Answer(int status, String problem) {

        static final Answer NONE = new Answer(0, "");

        static Answer of(String text) {
            int start = text.indexOf(PROBLEM);
            int end = text.indexOf('"', start + PROBLEM.length());
            return text.startsWith("HTTP/1.1 ")
                    ? new Answer(
                            Integer.parseInt(text.substring(9, 12)),
                            start < 0 ? "" : text.substring(start + PROBLEM.length(), end))
                    : NONE;
        }

        @Override
        public String toString() {
            return (status + " " + problem).strip();
        }
    }

    Answer send(URI node) throws IOException {
        try (Socket socket = new Socket(node.getHost(), node.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(
                    (head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            try {
                body.write(out);
                out.flush();
            } catch (IOException hungUp) {
                // The response may have been sent before.
            }
            return answer(socket.getInputStream());
        }
    }

    /** A problem fits into the first read. */
    private static Answer answer(InputStream in) {
        try {
            byte[] first = new byte[8192];
            int count = in.read(first);
            return count < 0
                    ? Answer.NONE
                    : Answer.of(new String(first, 0, count, StandardCharsets.UTF_8));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException hungUp) {
            return Answer.NONE;
        }
    }
}

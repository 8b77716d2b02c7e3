package io.mailgenius.api.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A request that means no good, sent byte by byte, since no client would send it.
 *
 * @param name of its kind
 * @param head request line and headers
 * @param body writes what follows; it may be cut off
 * @param times how many of it are sent side by side
 */
record HostileRequest(String name, String head, Body body, int times) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Writes until it has written all, or the node hangs up. */
    interface Body {

        void write(OutputStream out) throws IOException;
    }

    /** What the node answered, or 0 if it only hung up. */
    int send(URI node) throws IOException {
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
                // It may have said why before.
            }
            return status(socket.getInputStream());
        }
    }

    private static int status(InputStream in) {
        try {
            String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9)) : 0;
        } catch (IOException | NumberFormatException hungUp) {
            return 0;
        }
    }
}

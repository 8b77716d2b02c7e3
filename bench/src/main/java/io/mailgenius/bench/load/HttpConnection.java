package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A persistent HTTP connection of a client that does as little work as possible, because it shares
 * the machine with the measured program. It parses only the head of a response, and reads its body
 * to the end.
 */
public final class HttpConnection implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int PATIENCE_MILLIS = 15_000;

    private final @Nullable InetAddress from;
    private @Nullable Socket socket;
    private @Nullable InputStream in;
    private @Nullable URI to;

    public HttpConnection() {
        this(null);
    }

    /**
     * @param from the address of this machine that the receiver sees; null for the usual one
     */
    HttpConnection(@Nullable InetAddress from) {
        this.from = from;
    }

    /**
     * @param location where it sends on to; empty if nowhere
     */
    public record Answer(int status, String location) {}

    /**
     * @param request the whole of it, as it goes over the wire
     * @throws IOException if nobody is there, or no whole answer comes within 15 seconds; the next
     *     request gets a connection of its own if this one is {@linkplain #close closed}
     */
    public Answer ask(URI url, byte[] request) throws IOException {
        if (!url.equals(to)) {
            close();
        }
        Socket connected = socket;
        InputStream answers = in;
        if (connected == null || answers == null) {
            connected = new Socket();
            connected.setTcpNoDelay(true);
            connected.setSoTimeout(PATIENCE_MILLIS);
            socket = connected;
            if (from != null) {
                connected.bind(new InetSocketAddress(from, 0));
            }
            connected.connect(new InetSocketAddress(url.getHost(), url.getPort()), CONNECT_MILLIS);
            answers = new BufferedInputStream(connected.getInputStream(), 8_192);
            in = answers;
            to = url;
        }
        connected.getOutputStream().write(request);
        return answer(answers);
    }

    /** Whose end cannot be told ends the connection. */
    private Answer answer(InputStream answers) throws IOException {
        String first = line(answers);
        if (first.length() < 12) {
            throw new EOFException(first);
        }
        int status = Integer.parseInt(first.substring(9, 12));
        long length = status == 204 ? 0 : -1;
        String location = "";
        boolean close = false;
        boolean chunked = false;
        for (String header = line(answers); !header.isEmpty(); header = line(answers)) {
            int colon = header.indexOf(':');
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Long.parseLong(value);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "location" -> location = value;
                case "connection" -> close = value.equalsIgnoreCase("close");
                case String other -> {}
            }
        }
        if (chunked) {
            skipChunks(answers);
        } else if (length >= 0) {
            answers.skipNBytes(length);
        }
        if (close || !chunked && length < 0) {
            close();
        }
        return new Answer(status, location);
    }

    private static void skipChunks(InputStream in) throws IOException {
        long length;
        do {
            length = Long.parseLong(line(in), 16);
            in.skipNBytes(length);
            line(in);
        } while (length > 0);
    }

    private static String line(InputStream in) throws IOException {
        byte[] line = new byte[512];
        int length = 0;
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r' && length < line.length) {
                line[length++] = (byte) next;
            }
            next = in.read();
        }
        return new String(line, 0, length, US_ASCII);
    }

    @Override
    public void close() {
        Socket connected = socket;
        socket = null;
        in = null;
        if (connected != null) {
            try {
                connected.close();
            } catch (IOException closedAnyway) {
                // Nobody is interested any more.
            }
        }
    }
}

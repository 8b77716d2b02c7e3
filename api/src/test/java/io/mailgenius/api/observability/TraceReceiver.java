package io.mailgenius.api.observability;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives traces over OTLP/HTTP and keeps them, as long as this JVM. */
public final class TraceReceiver {

    private static final int TRACE_ID = 1;
    private static final int SPAN_ID = 2;
    private static final int PARENT_ID = 4;
    private static final int NAME = 5;

    private static final List<ReceivedSpan> SPANS = new CopyOnWriteArrayList<>();
    private static final HttpServer SERVER = start();

    private TraceReceiver() {}

    /** A span as the protocol has it, with ids in hexadecimal. */
    public record ReceivedSpan(String trace, String id, String parent, String name) {}

    public static List<ReceivedSpan> spans() {
        return List.copyOf(SPANS);
    }

    public static String endpoint() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort();
    }

    private static HttpServer start() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/v1/traces",
                    exchange -> {
                        keep(exchange.getRequestBody().readAllBytes());
                        exchange.sendResponseHeaders(200, -1);
                        exchange.close();
                    });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void keep(byte[] request) {
        for (byte[] resource : fields(request, 1)) {
            for (byte[] scope : fields(resource, 2)) {
                for (byte[] span : fields(scope, 2)) {
                    SPANS.add(
                            new ReceivedSpan(
                                    hex(span, TRACE_ID),
                                    hex(span, SPAN_ID),
                                    hex(span, PARENT_ID),
                                    new String(first(span, NAME), StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private static String hex(byte[] span, int field) {
        return HexFormat.of().formatHex(first(span, field));
    }

    private static byte[] first(byte[] message, int field) {
        List<byte[]> values = fields(message, field);
        return values.isEmpty() ? new byte[0] : values.getFirst();
    }

    /** The values of a field of bytes, of a message in the encoding of Protocol Buffers. */
    private static List<byte[]> fields(byte[] message, int field) {
        List<byte[]> values = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(message);
        while (rest.hasRemaining()) {
            long tag = varint(rest);
            switch ((int) tag & 7) {
                case 0 -> varint(rest);
                case 1 -> rest.position(rest.position() + 8);
                case 2 -> {
                    byte[] value = new byte[(int) varint(rest)];
                    rest.get(value);
                    if (tag >> 3 == field) {
                        values.add(value);
                    }
                }
                case 5 -> rest.position(rest.position() + 4);
                default -> throw new IllegalArgumentException("Wire type of " + tag);
            }
        }
        return values;
    }

    private static long varint(ByteBuffer rest) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = rest.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}

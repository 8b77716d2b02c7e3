package io.mailgenius.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Requests that no well-behaved client would send, byte by byte. */
public final class RawHttp {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final String END_OF_HEAD = "\r\n\r\n";

    /**
     * @param head status line and headers
     */
    public record Answer(int status, String head, String body) {

        /** The value of a header; empty where there is none. */
        public String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ": ";
            return head.lines()
                    .filter(it -> it.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(it -> it.substring(start.length()))
                    .findFirst()
                    .orElse("");
        }
    }

    private RawHttp() {}

    /** Headers are sent in ISO 8859-1; of the body only what is given, whatever they say. */
    public static Answer send(String method, String path, List<String> headers, byte[] body)
            throws IOException {
        try (Socket socket = new Socket("localhost", TestApi.url("/").getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(
                    (method
                                    + " "
                                    + path
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                    + String.join(
                                            "", headers.stream().map(h -> h + "\r\n").toList())
                                    + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            try {
                out.write(body);
                out.flush();
            } catch (SocketException closedAfterTheAnswer) {
                // A server that has refused the request need not read the rest of its body.
            }
            return read(socket, !method.equals("HEAD"));
        }
    }

    /** To the end of the answer: the connection stays for as long as more of the body may come. */
    private static Answer read(Socket socket, boolean hasBody) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        String all = "";
        try {
            int count = socket.getInputStream().read(some);
            while (count >= 0) {
                bytes.write(some, 0, count);
                all = bytes.toString(StandardCharsets.ISO_8859_1);
                if (isWhole(all, hasBody)) {
                    break;
                }
                count = socket.getInputStream().read(some);
            }
        } catch (SocketException resetAfterTheAnswer) {
            // Whoever does not send what it announced is cut off.
        }
        int end = all.indexOf(END_OF_HEAD);
        if (end < 0) {
            throw new IOException("No answer but \"" + all + "\"");
        }
        return new Answer(
                Integer.parseInt(all.split(" ", 3)[1]),
                all.substring(0, end),
                new String(
                        all.substring(end + END_OF_HEAD.length())
                                .getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8));
    }

    private static boolean isWhole(String all, boolean hasBody) {
        int end = all.indexOf(END_OF_HEAD);
        if (end < 0) {
            return false;
        }
        Answer answer = new Answer(0, all.substring(0, end), "");
        int status = Integer.parseInt(all.split(" ", 3)[1]);
        if (!hasBody || status == 204 || status == 304) {
            return true;
        }
        String length = answer.header("Content-Length");
        return length.isEmpty()
                ? answer.header("Transfer-Encoding").equals("chunked") && all.endsWith("0\r\n\r\n")
                : all.length() - end - END_OF_HEAD.length() >= Integer.parseInt(length);
    }
}

package io.mailgenius.jobs.delivery;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;

/** Stands before a provider's server and does to the next requests what it was told to. */
public final class Faults extends Filter {

    private final Queue<Fault> ordered = new ArrayDeque<>();
    private final List<String> keys = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    /** What is done to one request. */
    sealed interface Fault {

        /** Answered in the place of the server. */
        record Answer(int status, String body, List<String> headers) implements Fault {}

        /** Nothing is answered: the connection is cut. */
        record Cut(boolean accepts) implements Fault {}

        /** The server does its work, and something else is answered. */
        record Instead(int status, String body) implements Fault {}

        /** The server does its work, and its answer ends after so many bytes. */
        record Truncated(int bytes) implements Fault {}

        /** The server does its work, and its answer does not come as long as anybody waits. */
        record Slow() implements Fault {}
    }

    synchronized void order(List<Fault> faults) {
        keys.clear();
        ordered.clear();
        ordered.addAll(faults);
    }

    /** The idempotency keys of the requests, in the order in which they came. */
    synchronized List<String> keys() {
        return List.copyOf(keys);
    }

    synchronized int left() {
        return ordered.size();
    }

    /** Whoever still waits for a slow answer has got none. */
    public void end() {
        over.countDown();
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        Fault fault;
        synchronized (this) {
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            fault = ordered.poll();
        }
        if (fault == null) {
            chain.doFilter(exchange);
            return;
        }
        try (exchange) {
            meet(fault, exchange, chain);
        }
    }

    private void meet(Fault fault, HttpExchange exchange, Chain chain) throws IOException {
        switch (fault) {
            case Fault.Answer(int status, String body, List<String> headers) -> {
                exchange.getRequestBody().readAllBytes();
                for (int n = 0; n < headers.size(); n += 2) {
                    exchange.getResponseHeaders().set(headers.get(n), headers.get(n + 1));
                }
                answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
            }
            case Fault.Cut(boolean accepts) -> {
                if (accepts) {
                    served(exchange, chain);
                }
            }
            case Fault.Instead(int status, String body) -> {
                served(exchange, chain);
                answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
            }
            case Fault.Truncated(int bytes) -> {
                byte[] whole = served(exchange, chain);
                exchange.sendResponseHeaders(200, bytes);
                exchange.getResponseBody().write(whole, 0, bytes);
            }
            case Fault.Slow() -> {
                served(exchange, chain);
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] served(HttpExchange exchange, Chain chain) throws IOException {
        Muted muted = new Muted(exchange);
        chain.doFilter(muted);
        if (muted.status != 200) {
            throw new IllegalStateException("The server has not accepted it: " + muted.status);
        }
        return muted.body.toByteArray();
    }

    /** An exchange whose answer goes nowhere. */
    private static final class Muted extends HttpExchange {

        private final HttpExchange real;
        private final Headers headers = new Headers();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status = -1;

        Muted(HttpExchange real) {
            this.real = real;
        }

        @Override
        public Headers getRequestHeaders() {
            return real.getRequestHeaders();
        }

        @Override
        public Headers getResponseHeaders() {
            return headers;
        }

        @Override
        public URI getRequestURI() {
            return real.getRequestURI();
        }

        @Override
        public String getRequestMethod() {
            return real.getRequestMethod();
        }

        @Override
        public HttpContext getHttpContext() {
            return real.getHttpContext();
        }

        @Override
        public void close() {}

        @Override
        public InputStream getRequestBody() {
            return real.getRequestBody();
        }

        @Override
        public OutputStream getResponseBody() {
            return body;
        }

        @Override
        public void sendResponseHeaders(int code, long length) {
            status = code;
        }

        @Override
        public InetSocketAddress getRemoteAddress() {
            return real.getRemoteAddress();
        }

        @Override
        public int getResponseCode() {
            return status;
        }

        @Override
        public InetSocketAddress getLocalAddress() {
            return real.getLocalAddress();
        }

        @Override
        public String getProtocol() {
            return real.getProtocol();
        }

        @Override
        public Object getAttribute(String name) {
            return real.getAttribute(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            real.setAttribute(name, value);
        }

        @Override
        public void setStreams(InputStream in, OutputStream out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HttpPrincipal getPrincipal() {
            return real.getPrincipal();
        }
    }

    @Override
    public String description() {
        return "faults to order";
    }
}

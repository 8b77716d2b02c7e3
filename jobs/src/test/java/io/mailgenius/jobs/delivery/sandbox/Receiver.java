package io.mailgenius.jobs.delivery.sandbox;

import com.resend.core.exception.ResendException;
import com.resend.services.webhooks.Webhooks;
import com.resend.services.webhooks.model.VerifyWebhookOptions;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes events as a customer of Resend would: verified with Resend's own library. */
final class Receiver implements AutoCloseable {

    static final String SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtYS10ZXN0";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    final List<Event> events = new CopyOnWriteArrayList<>();

    /** Says what an event is answered with. */
    volatile ToIntFunction<Event> answer = _ -> 200;

    record Event(String id, JsonNode json) {
        String type() {
            return json.path("type").stringValue();
        }

        JsonNode data() {
            return json.path("data");
        }
    }

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        Webhooks resend = new Webhooks("re_unused");
        server.createContext(
                "/webhooks/resend",
                exchange -> {
                    try (exchange) {
                        String body =
                                new String(
                                        exchange.getRequestBody().readAllBytes(),
                                        StandardCharsets.UTF_8);
                        var options = VerifyWebhookOptions.builder().payload(body).secret(SECRET);
                        for (String name : List.of("svix-id", "svix-timestamp", "svix-signature")) {
                            options.addHeader(name, exchange.getRequestHeaders().getFirst(name));
                        }
                        int status;
                        try {
                            resend.verify(options.build());
                            Event event =
                                    new Event(
                                            exchange.getRequestHeaders().getFirst("svix-id"),
                                            JsonMapper.shared().readTree(body));
                            status = answer.applyAsInt(event);
                            if (status == 200) {
                                events.add(event);
                            }
                        } catch (ResendException wrongSignature) {
                            status = 401;
                        }
                        exchange.sendResponseHeaders(status, -1);
                    }
                });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks/resend");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

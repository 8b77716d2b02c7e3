package io.mailgenius.jobs.providers.resend;

import com.sun.net.httpserver.HttpServer;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Batches to nobody, through all of the code that a real one goes through. A request whose turn has
 * come should not spend it on loading classes; and one that costs nothing of the account's quota
 * can only go to this machine itself.
 */
public final class ClientWarmUp {

    private static final int BATCHES = 20;
    private static final byte[] ANSWER =
            ("{\"data\":["
                            + String.join(
                                    ",", Collections.nCopies(Provider.BATCH, "{\"id\":\"nobody\"}"))
                            + "]}")
                    .getBytes(StandardCharsets.US_ASCII);

    private ClientWarmUp() {}

    /** Takes some tenths of a second. */
    public static void play() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpServer nobody =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            nobody.setExecutor(threads);
            nobody.createContext(
                    "/",
                    exchange -> {
                        try (exchange) {
                            exchange.getRequestBody().readAllBytes();
                            exchange.sendResponseHeaders(200, ANSWER.length);
                            exchange.getResponseBody().write(ANSWER);
                        }
                    });
            nobody.start();
            try (ResendProvider provider = new ResendProvider(of(nobody.getAddress()))) {
                play(provider);
            } finally {
                nobody.stop(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on loopback", e);
        }
    }

    private static ResendSettings of(InetSocketAddress address) {
        return new ResendSettings(
                URI.create("http://localhost:" + address.getPort()), "re_rehearsal");
    }

    private static void play(Provider provider) {
        Mail mail =
                new Mail(
                        "Rehearsal <nobody@localhost.invalid>",
                        "nobody@localhost.invalid",
                        "Rehearsal",
                        "<p>Nobody reads this</p>".repeat(50),
                        "Nobody reads this",
                        null,
                        Map.of("List-Unsubscribe", "<https://localhost.invalid>"),
                        Map.of("campaign_id", "0"));
        List<Mail> mails = Collections.nCopies(Provider.BATCH, mail);
        for (int n = 0; n < BATCHES; n++) {
            BatchOutcome outcome = provider.send(new MailBatch("rehearsal-" + n, mails));
            if (!(outcome instanceof BatchOutcome.Accepted)) {
                throw new IllegalStateException("The rehearsal failed: " + outcome);
            }
        }
    }
}

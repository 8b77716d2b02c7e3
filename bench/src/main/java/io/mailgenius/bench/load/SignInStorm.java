package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Strangers who try to sign in as fast as they can: each attempt for another person, and from an
 * address of its own before the limit of an address is reached, so that only the bound on hashes
 * stands in their way.
 */
public final class SignInStorm implements AutoCloseable {

    private static final int CLIENTS = 200;

    /** Below the number of wrong attempts that an address may make. */
    private static final int PER_ADDRESS = 50;

    private final URI node;
    private final ApiCredentials.SignInForm form;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong addresses = new AtomicLong();
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong tooMany = new AtomicLong();
    private final AtomicLong others = new AtomicLong();
    private final long begin = System.nanoTime();

    private SignInStorm(URI node, ApiCredentials.SignInForm form) {
        this.node = node;
        this.form = form;
    }

    public static SignInStorm begin(URI url) throws IOException, InterruptedException {
        // Addresses of the loopback network are bound to, so the receiver has to be in it.
        URI node = URI.create("http://127.0.0.1:" + url.getPort());
        SignInStorm storm = new SignInStorm(node, ApiCredentials.signInForm(node));
        for (int n = 0; n < CLIENTS; n++) {
            storm.clients.execute(storm::run);
        }
        return storm;
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try (HttpConnection connection = new HttpConnection(address())) {
                for (int n = 0; n < PER_ADDRESS && !Thread.currentThread().isInterrupted(); n++) {
                    count(connection.ask(node, request()).status());
                }
            } catch (IOException broken) {
                others.incrementAndGet();
            }
        }
    }

    /** Null where the system has one loopback address alone. */
    private @Nullable InetAddress address() throws IOException {
        if (!System.getProperty("os.name").startsWith("Linux")) {
            return null;
        }
        long n = addresses.incrementAndGet();
        return InetAddress.getByAddress(
                new byte[] {
                    127, (byte) (1 + n / 65_000 % 250), (byte) (n / 250), (byte) (1 + n % 250)
                });
    }

    private byte[] request() {
        String body =
                ApiCredentials.fields(
                        Map.of(
                                "_csrf",
                                form.token(),
                                "email",
                                "nobody" + attempts.incrementAndGet() + "@example.com",
                                "password",
                                "a guess of this attempt"));
        return String.format(
                        Locale.ROOT,
                        """
        POST /sign-in HTTP/1.1\r
        Host: %s\r
        Cookie: %s\r
        Accept: text/html\r
        Content-Type: application/x-www-form-urlencoded\r
        Content-Length: %d\r
        \r
        %s""",
                        node.getAuthority(),
                        form.cookies(),
                        body.length(),
                        body)
                .getBytes(US_ASCII);
    }

    private void count(int status) {
        switch (status) {
            case 401 -> wrong.incrementAndGet();
            case 429 -> tooMany.incrementAndGet();
            default -> others.incrementAndGet();
        }
    }

    /** Per second since the beginning: what was answered after a hash, what was turned away. */
    public Map<String, Object> figures() {
        double seconds = (System.nanoTime() - begin) / 1e9;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("clients", CLIENTS);
        figures.put("hashedPerSecond", Math.round(wrong.get() / seconds));
        figures.put("turnedAwayPerSecond", Math.round(tooMany.get() / seconds));
        figures.put("otherAnswers", others.get());
        return figures;
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }
}

package io.mailgenius.bench.chaos;

import io.mailgenius.bench.provider.FailingProvider;
import io.mailgenius.bench.provider.ProviderFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/**
 * Servers, a provider, a manager with the role {@code api}, and workers, in processes of their own.
 */
final class Installation implements AutoCloseable {

    private static final String KEY = "key-of-the-chaos-test";
    private static final int WORKERS = 3;

    private final Servers servers;
    private final FailingProvider provider;
    private final Members members;
    private final ChaosMailing mailing;
    private final Path accepted;

    /**
     * @param rate requests per second that the provider's account permits; 0 for no limit
     */
    Installation(Order order, int rate) throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        accepted = order.folder().resolve("accepted.tsv");
        servers = new Servers(order.folder());
        provider = FailingProvider.start(accepted, ProviderFaults.none());
        members = new Members(order, servers, provider.url(), KEY, rate);
        mailing = new ChaosMailing(members, KEY);
    }

    /** Returns when the nodes are up and the contacts exist. */
    void fill(Order order) throws IOException, InterruptedException {
        members.start(Members.MANAGER);
        for (int n = 0; n < WORKERS; n++) {
            members.start(Members.WORKER);
        }
        mailing.contacts(order.mails(), order.seed(), order.folder());
    }

    Servers servers() {
        return servers;
    }

    FailingProvider provider() {
        return provider;
    }

    Members members() {
        return members;
    }

    ChaosMailing mailing() {
        return mailing;
    }

    /** The file of mails that the provider accepted. */
    Path accepted() {
        return accepted;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try (servers;
                provider;
                members) {
            // Nodes are closed before the servers that they use.
        }
    }
}

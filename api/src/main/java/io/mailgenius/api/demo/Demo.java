package io.mailgenius.api.demo;

import io.mailgenius.api.client.Client;
import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.api.samples.SampleContacts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command {@code demo}. */
public final class Demo {

    /** Returned instead of an exit code if the process runs until it is stopped. */
    public static final int STAYS = -1;

    private static final int REFUSED = 2;
    private static final long SEED = 20_250_101L;

    private final DemoOptions options;
    private final FreshFolder folder;
    private final boolean terminal;

    private Demo(DemoOptions options, FreshFolder folder, boolean terminal) {
        this.options = options;
        this.folder = folder;
        this.terminal = terminal;
    }

    public static int run(List<String> words, Map<String, String> variables) throws Exception {
        DemoOptions options;
        try {
            options = DemoOptions.parse(words);
        } catch (IllegalArgumentException complaint) {
            System.err.println(complaint.getMessage() + "\n\n" + DemoOptions.USAGE);
            return REFUSED;
        }
        String key = "mg_demo_" + secret();
        Map<String, String> environment = environment(variables, key);
        Path path = NodeSettings.from(environment).dataDir();
        return switch (FreshFolder.prepare(path)) {
            case FreshFolder.Prepared.Refused(String complaint) -> {
                System.err.println(complaint);
                yield REFUSED;
            }
            case FreshFolder.Prepared.Ready(FreshFolder folder) -> {
                // Must be set before logging starts, which reads it once.
                System.setProperty("mailgenius.log-to", "file");
                System.setProperty("mailgenius.log-file", folder.log().toString());
                environment.putIfAbsent("MAILGENIUS_PORT", Node.isFree(8080) ? "8080" : "0");
                yield new Demo(options, folder, Terminal.redraws(variables))
                        .run(NodeSettings.from(environment), key);
            }
        };
    }

    private int run(NodeSettings settings, String key) throws Exception {
        Shutdown shutdown = Shutdown.onSignals(folder);
        Path file = folder.path().resolve("contacts.csv");
        SampleContacts.Expected expected = write(options.contacts(), file);
        Node node = started(settings, shutdown);
        Result result;
        try (Client client = new Client(node.url(), key)) {
            result = new Walk(client, System.err, terminal).go(file, expected);
        } catch (IOException | RuntimeException failure) {
            shutdown.passOver();
            System.err.println(
                    "\nThe demo failed: " + failure.getMessage() + "\nIts log: " + folder.log());
            node.close();
            return 1;
        }
        List<String> wrong = result.wrong(expected);
        System.out.println(result.summary());
        System.out.println(result.json());
        System.out.flush();
        wrong.forEach(sentence -> System.err.println("Wrong: " + sentence));
        System.err.println(
                "\n" + (options.exit() ? NextSteps.afterExit() : NextSteps.at(node.url(), key)));
        System.err.println("Log lines are in " + shown(folder.log()));
        if (options.exit()) {
            node.close();
            folder.deleteAllButLog();
        }
        return options.exit() || !wrong.isEmpty() ? (wrong.isEmpty() ? 0 : 1) : STAYS;
    }

    private Node started(NodeSettings settings, Shutdown shutdown) {
        Progress starting = new Progress(System.err, terminal, System::nanoTime, Stage.START);
        starting.at(0, 0);
        Node node = null;
        try {
            node = Node.start(settings);
            starting.finished(0);
            return node;
        } finally {
            shutdown.started(node);
        }
    }

    /** The path relative to the directory in which the demo was started. */
    private static Path shown(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }

    /** The environment without settings of external servers. */
    private static Map<String, String> environment(Map<String, String> given, String key) {
        Map<String, String> variables = new HashMap<>(given);
        List.of(
                        "MAILGENIUS_DATABASE_URL",
                        "MAILGENIUS_DATABASE_USERNAME",
                        "MAILGENIUS_DATABASE_PASSWORD",
                        "MAILGENIUS_DATABASE_OWNER_USERNAME",
                        "MAILGENIUS_DATABASE_OWNER_PASSWORD",
                        "MAILGENIUS_REDIS_URL",
                        "MAILGENIUS_ROLES",
                        "MAILGENIUS_PROVIDER",
                        "MAILGENIUS_PUBLIC_URL")
                .forEach(variables::remove);
        variables.putIfAbsent("MAILGENIUS_DATA_DIR", "data/demo");
        variables.put("MAILGENIUS_BOOTSTRAP_API_KEY", key);
        return variables;
    }

    private static String secret() {
        byte[] secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static SampleContacts.Expected write(long contacts, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            return new SampleContacts(contacts, SEED).writeTo(out);
        }
    }
}

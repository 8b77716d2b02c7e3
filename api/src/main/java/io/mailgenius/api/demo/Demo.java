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
import java.util.Optional;

/** The command {@code demo}. */
public final class Demo {

    /** In place of an exit code: the process goes on until it is told to stop. */
    public static final int STAYS = -1;

    private static final int REFUSED = 2;
    private static final long SEED = 20_250_101L;

    private Demo() {}

    public static int run(List<String> words, Map<String, String> variables) throws Exception {
        Options options;
        try {
            options = Options.parse(words);
        } catch (IllegalArgumentException complaint) {
            System.err.println(complaint.getMessage() + "\n\n" + Options.USAGE);
            return REFUSED;
        }
        String key = "mg_demo_" + secret();
        NodeSettings settings = NodeSettings.from(environment(variables, key));
        Optional<String> complaint = FreshFolder.prepare(settings.dataDir());
        if (complaint.isPresent()) {
            System.err.println(complaint.get());
            return REFUSED;
        }
        System.err.println("Starting a node, PostgreSQL and Redis in " + settings.dataDir());
        Path file = settings.dataDir().resolve("contacts.csv");
        SampleContacts.Expected expected = write(options.contacts(), file);
        Node node = Node.start(settings);
        node.stopOnSignals();
        Result result;
        try (Client client = new Client(node.url(), key)) {
            result = new Walk(client, System.err).go(file, expected);
        } catch (IOException | RuntimeException failure) {
            System.err.println("The demo failed: " + failure.getMessage());
            node.close();
            return 1;
        }
        List<String> wrong = result.wrong(expected);
        wrong.forEach(sentence -> System.err.println("Wrong: " + sentence));
        if (options.exit()) {
            node.close();
        } else {
            System.err.println(
                    "\nThe console is open, Ctrl-C stops it: "
                            + node.url()
                            + "/sign-in#"
                            + key
                            + "\nAPI key: "
                            + key);
        }
        System.out.println(result.summary());
        System.out.println(result.json());
        System.out.flush();
        return options.exit() || !wrong.isEmpty() ? (wrong.isEmpty() ? 0 : 1) : STAYS;
    }

    /** Everything embedded, whatever else the environment says. */
    private static Map<String, String> environment(Map<String, String> given, String key) {
        Map<String, String> variables = new HashMap<>(given);
        List.of(
                        "MAILGENIUS_DATABASE_URL",
                        "MAILGENIUS_DATABASE_USERNAME",
                        "MAILGENIUS_DATABASE_PASSWORD",
                        "MAILGENIUS_REDIS_URL",
                        "MAILGENIUS_ROLES",
                        "MAILGENIUS_PROVIDER",
                        "MAILGENIUS_PUBLIC_URL")
                .forEach(variables::remove);
        variables.putIfAbsent("MAILGENIUS_DATA_DIR", "data/demo");
        variables.putIfAbsent("MAILGENIUS_PORT", Node.isFree(8080) ? "8080" : "0");
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

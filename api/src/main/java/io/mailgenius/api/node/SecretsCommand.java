package io.mailgenius.api.node;

import io.mailgenius.jobs.clients.SigningKeys;
import io.mailgenius.jobs.delivery.tokens.TokenKeys;
import io.mailgenius.jobs.secrets.SecretEncryption;
import io.mailgenius.jobs.secrets.SecretRotation;
import io.mailgenius.jobs.secrets.SecretUnreadable;
import java.io.PrintStream;
import java.util.List;

/** The command {@code secrets}: which keys there are, and new ones. Nodes may run meanwhile. */
public final class SecretsCommand {

    private static final int REFUSED = 2;
    private static final int FAILED = 1;

    private SecretsCommand() {}

    /**
     * @return the exit code: 1 if stored secrets cannot be decrypted
     * @throws SettingRefused if the database or the file of the keys cannot be used
     */
    public static int run(List<String> options, NodeSettings settings, PrintStream out) {
        return switch (String.join(" ", options)) {
            case "status" -> status(settings, out);
            case "rotate" -> rotate(settings, out);
            case "rotate tokens" -> rotateTokens(settings, out);
            case "rotate signing" -> rotateSigning(settings, out);
            case "revoke signing" -> revokeSigning(settings, out);
            case String other -> {
                out.println(
                        "secrets takes status, rotate, rotate tokens, rotate signing or revoke signing"
                                + (other.isEmpty() ? "." : ", and not \"" + other + "\"."));
                yield REFUSED;
            }
        };
    }

    private static int status(NodeSettings settings, PrintStream out) {
        try (NodeStores stores = NodeStores.forCommand(settings)) {
            stores.logins().prepare();
            SecretRotation.Status status = rotation(settings, stores).status();
            out.println("Master keys in " + settings.masterKeysFile() + ", the newest last:");
            status.keys().forEach((key, secrets) -> out.println("  " + key + ": " + secrets));
            out.println("Keys that sign links in mails:");
            TokenKeys.counts(stores.logins().ofOwner())
                    .forEach((purpose, keys) -> out.println("  " + purpose + ": " + keys));
            out.println(
                    "Keys that sign tokens of API clients: "
                            + SigningKeys.count(stores.logins().ofOwner()));
            return unreadable(status.unreadable(), settings, out);
        }
    }

    private static int rotateTokens(NodeSettings settings, PrintStream out) {
        try (NodeStores stores = NodeStores.forCommand(settings)) {
            stores.logins().prepare();
            TokenKeys.add(stores.logins().ofOwner());
            out.println(
                    "Added keys that sign the links of campaigns launched in %d seconds or later."
                            .formatted(TokenKeys.LEAD.toSeconds()));
            return 0;
        }
    }

    private static int rotateSigning(NodeSettings settings, PrintStream out) {
        try (NodeStores stores = NodeStores.forCommand(settings)) {
            stores.logins().prepare();
            requireKeys(rotation(settings, stores), settings);
            SigningKeys.rotate(
                    stores.logins().ofOwner(), new SecretEncryption(settings.masterKeysFile()));
            out.println(
                    "Added a key that signs tokens in %d seconds. Tokens that are out stay valid until they expire."
                            .formatted(SigningKeys.LEAD.toSeconds()));
            return 0;
        }
    }

    private static int revokeSigning(NodeSettings settings, PrintStream out) {
        try (NodeStores stores = NodeStores.forCommand(settings)) {
            stores.logins().prepare();
            requireKeys(rotation(settings, stores), settings);
            SigningKeys.revoke(
                    stores.logins().ofOwner(), new SecretEncryption(settings.masterKeysFile()));
            out.println(
                    "Replaced the keys that sign tokens. Within %d seconds, no token that is out opens anything."
                            .formatted(SigningKeys.MEMORY.toSeconds()));
            return 0;
        }
    }

    private static int rotate(NodeSettings settings, PrintStream out) {
        try (NodeStores stores = NodeStores.forCommand(settings)) {
            stores.logins().prepare();
            SecretRotation rotation = rotation(settings, stores);
            requireKeys(rotation, settings);
            SecretRotation.Rotation done = rotation.rotate();
            out.println(
                    done.added() == null
                            ? "An interrupted rotation was completed; call it again for a new key."
                            : "Added master key " + done.added() + ".");
            out.println("Secrets brought under the newest key: " + done.renewed());
            return unreadable(done.unreadable(), settings, out);
        } catch (SecretUnreadable unreadable) {
            throw new SettingRefused(
                    "MAILGENIUS_MASTER_KEYS_FILE cannot be used: " + unreadable.getMessage() + ".");
        }
    }

    /**
     * New keys instead of lost ones would hide that stored secrets can no longer be read.
     *
     * @throws SettingRefused if secrets are stored and the file of the keys does not exist
     */
    static void requireKeys(SecretRotation rotation, NodeSettings settings) {
        long secrets = rotation.withoutKeys();
        if (secrets > 0) {
            throw new SettingRefused(
                    "MAILGENIUS_MASTER_KEYS_FILE is %s, which does not exist, and %d stored secrets need it: restore the file."
                            .formatted(settings.masterKeysFile(), secrets));
        }
    }

    static SecretRotation rotation(NodeSettings settings, NodeStores stores) {
        return new SecretRotation(
                stores.logins().ofOwner(), new SecretEncryption(settings.masterKeysFile()));
    }

    private static int unreadable(long secrets, NodeSettings settings, PrintStream out) {
        if (secrets == 0) {
            return 0;
        }
        out.println(
                "Secrets that no key in the file decrypts: %d. Restore the %s that they were stored with."
                        .formatted(secrets, settings.masterKeysFile().getFileName()));
        return FAILED;
    }
}

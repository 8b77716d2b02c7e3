package io.mailgenius.engine.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Identifies one run of one process. A process that restarts gets a new id, so it cannot mistake
 * claims of an earlier run for its own.
 */
public record NodeId(String value) {

    private static final int ALIAS_BYTES = 5;

    public static NodeId ofThisProcess() {
        return new NodeId(
                String.format(
                        Locale.ROOT,
                        "%s-%d-%04x",
                        host(),
                        ProcessHandle.current().pid(),
                        ThreadLocalRandom.current().nextInt(0x10000)));
    }

    /**
     * What workspaces are shown instead of an id, which names a host and a process: the same for
     * the same run of a node.
     */
    public static String alias(String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(id.getBytes(StandardCharsets.UTF_8));
            return "node-" + HexFormat.of().formatHex(digest, 0, ALIAS_BYTES);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

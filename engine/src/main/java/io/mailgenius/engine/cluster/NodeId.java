package io.mailgenius.engine.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Identifies one run of one process. A process that restarts gets a new id, so it cannot mistake
 * claims of an earlier run for its own.
 */
public record NodeId(String value) {

    public static NodeId ofThisProcess() {
        return new NodeId(
                String.format(
                        Locale.ROOT,
                        "%s-%d-%04x",
                        host(),
                        ProcessHandle.current().pid(),
                        ThreadLocalRandom.current().nextInt(0x10000)));
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

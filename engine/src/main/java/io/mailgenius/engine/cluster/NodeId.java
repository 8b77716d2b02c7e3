package io.mailgenius.engine.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One life of one process. A process that starts again is another node, so nothing that an earlier
 * life still holds can be taken for its own.
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

package io.mailgenius.api.node;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds free ports. */
final class FreePort {

    /**
     * Below the ports that operating systems give to outgoing connections, from 32,768 on Linux and
     * from 49,152 elsewhere: one of those may be in use again before the node listens on it.
     */
    static final int FIRST = 10_000;

    static final int LAST = 32_000;

    private static final int TRIES = 100;

    private FreePort() {}

    /**
     * Returns a free port. If another program takes it before the node does, the node fails to
     * start with an error that names the port.
     */
    static int any() {
        return ThreadLocalRandom.current()
                .ints(TRIES, FIRST, LAST + 1)
                .filter(FreePort::isFree)
                .findFirst()
                .orElseGet(FreePort::anyOfTheSystem);
    }

    private static int anyOfTheSystem() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new SettingRefused("MAILGENIUS_PORT is 0 and no port is free: free one.");
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}

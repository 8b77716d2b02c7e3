package io.mailgenius.api.node;

import java.io.IOException;
import java.net.ServerSocket;

/** Finds free ports. */
final class FreePort {

    private FreePort() {}

    /**
     * Returns a free port. If another program takes it before the node does, the node fails to
     * start with an error that names the port.
     */
    static int any() {
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

package io.mailgenius.api.node;

import java.io.IOException;
import java.net.ServerSocket;

/** Ports, asked of the operating system. */
final class FreePort {

    private FreePort() {}

    /** Another program may take it before the node does; it then says so and stops. */
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

package io.mailgenius.engine.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Creates sockets with early TCP keepalive: a statement that rightly takes minutes fails within
 * seconds if its server or the network path is gone. The default keepalive starts after two hours.
 * {@link StatementWatch} sees what keepalive does not.
 *
 * <p>The PostgreSQL driver instantiates this class by its name.
 */
public final class ProbedSockets extends SocketFactory {

    private static final int IDLE_SECONDS = 3;
    private static final int INTERVAL_SECONDS = 2;
    private static final int PROBES = 3;

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new WatchedSocket();
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        // All current operating systems support these options; others keep their default keepalive.
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw connected();
    }

    private static UnsupportedOperationException connected() {
        return new UnsupportedOperationException("The driver connects the socket itself");
    }
}

package io.mailgenius.engine.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A TCP relay between a client and a server that injects network faults without notifying either
 * side. It needs no privileges.
 *
 * <p>Limitation: the kernel still acknowledges what a peer sends, including keepalive probes. A
 * peer that relies only on TCP options to detect the failure does not detect it here; it needs a
 * timeout of its own.
 */
public final class TcpRelay implements AutoCloseable {

    /** The direction of bytes. */
    public enum Way {
        /** From the client to the server. */
        REQUESTS,
        /** From the server to the client. */
        ANSWERS
    }

    private static final int CONNECT_MILLIS = 5_000;
    private static final CountDownLatch OPEN = new CountDownLatch(0);

    /**
     * Triggers a fault when a text is seen.
     *
     * @param text as bytes on the wire, within one read of the relay
     * @param lost what the connection loses from then on, including the piece with the text
     */
    private record Trap(byte[] text, Set<Way> lost, CountDownLatch triggered) {}

    private volatile InetSocketAddress server;
    private final Duration noticedAfter;
    private final ServerSocket clients;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong lostBytes = new AtomicLong();
    private volatile Set<Way> lostByNew = EnumSet.noneOf(Way.class);
    private volatile CountDownLatch gate = OPEN;
    private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();

    private TcpRelay(InetSocketAddress server, Duration noticedAfter) throws IOException {
        this.server = server;
        this.noticedAfter = noticedAfter;
        this.clients = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    }

    /**
     * @param server any URL with a host and a port, also a JDBC URL
     */
    public static TcpRelay inFrontOf(String server) throws IOException {
        return inFrontOf(server, Duration.ofHours(1));
    }

    /**
     * @param noticedAfter when the server detects that a client is gone whose FIN was lost, as it
     *     does by keepalive in a real network
     */
    public static TcpRelay inFrontOf(String server, Duration noticedAfter) throws IOException {
        TcpRelay relay = new TcpRelay(address(server), noticedAfter);
        Thread.ofPlatform().daemon().name("relay-" + relay.port()).start(relay::accept);
        return relay;
    }

    private static InetSocketAddress address(String url) {
        URI uri = URI.create(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    public int port() {
        return clients.getLocalPort();
    }

    /** Returns the URL with the address of the server replaced by that of this relay. */
    public String instead(String url) {
        return url.replaceFirst("//([^/@]*@)?[^/@:]+:\\d+", "//$1localhost:" + port());
    }

    private void accept() {
        while (!clients.isClosed()) {
            try {
                Socket client = clients.accept();
                accepted.incrementAndGet();
                // A separate thread, so that a slow server does not block the next client.
                Thread.ofVirtual().start(() -> link(client));
            } catch (IOException closedOrAborted) {
                // The loop condition distinguishes the cases.
            }
        }
    }

    private void link(Socket client) {
        Socket toServer = new Socket();
        Link link = new Link(client, toServer, lostByNew);
        links.add(link);
        try {
            client.setTcpNoDelay(true);
            toServer.setTcpNoDelay(true);
            toServer.connect(server, CONNECT_MILLIS);
        } catch (IOException nobodyThere) {
            link.close();
            return;
        }
        Thread.ofVirtual().start(() -> link.forward(Way.ANSWERS));
        link.forward(Way.REQUESTS);
    }

    /** Drops all further data of the existing connections. New connections work. */
    public int forget() {
        return forget(EnumSet.allOf(Way.class));
    }

    /**
     * Drops all further data of the existing connections in these directions, including their FIN.
     * New connections work.
     *
     * @return the number of affected connections
     */
    public int forget(Set<Way> lost) {
        int hit = 0;
        for (Link link : links) {
            hit += link.lose(lost) ? 1 : 0;
        }
        return hit;
    }

    /** As {@link #forget}, also for connections that are opened before {@link #heal}. */
    public int cutOff(Set<Way> lost) {
        lostByNew = EnumSet.copyOf(lost);
        return forget(lost);
    }

    /** Drops all data in both directions, also of new connections. */
    public int cutOff() {
        return cutOff(EnumSet.allOf(Way.class));
    }

    /** Delays all data in both directions until {@link #heal}, without losing any. */
    public synchronized void stall() {
        if (gate == OPEN) {
            gate = new CountDownLatch(1);
        }
    }

    /**
     * Ends {@link #cutOff} and {@link #stall}: stalled data is forwarded; connections that lost
     * data stay broken.
     */
    public synchronized void heal() {
        lostByNew = EnumSet.noneOf(Way.class);
        gate.countDown();
        gate = OPEN;
    }

    /**
     * Forwards new connections to another server, as after a failover behind one address. Existing
     * connections are not changed.
     *
     * @param other any URL with a host and a port
     */
    public void leadTo(String other) {
        server = address(other);
    }

    /**
     * Drops further data of the first connection on which this text is seen, in either direction.
     * Choose a text that is sent repeatedly, because one that is split across two reads is not
     * seen.
     *
     * @return a latch that opens when it has happened
     */
    public CountDownLatch forgetOnceSeen(String text, Set<Way> lost) {
        Trap set = new Trap(text.getBytes(UTF_8), EnumSet.copyOf(lost), new CountDownLatch(1));
        trap.set(set);
        return set.triggered;
    }

    /** The number of connections accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** The number of open connections that lose no data. */
    public long healthy() {
        return links.stream().filter(link -> link.lost.isEmpty()).count();
    }

    /** The number of bytes that were sent and dropped. */
    public long lostBytes() {
        return lostBytes.get();
    }

    /** Closes all connections. */
    @Override
    public void close() throws IOException {
        clients.close();
        heal();
        links.forEach(Link::close);
    }

    private static boolean contains(byte[] room, int length, byte[] text) {
        for (int from = 0; from + text.length <= length; from++) {
            if (Arrays.equals(room, from, from + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    private final class Link {

        private final Socket client;
        private final Socket toServer;
        private final Set<Way> lost = ConcurrentHashMap.newKeySet();
        private final AtomicInteger ended = new AtomicInteger();

        Link(Socket client, Socket toServer, Set<Way> lost) {
            this.client = client;
            this.toServer = toServer;
            this.lost.addAll(lost);
        }

        boolean lose(Set<Way> more) {
            return lost.addAll(more);
        }

        void forward(Way way) {
            Socket from = way == Way.REQUESTS ? client : toServer;
            Socket to = way == Way.REQUESTS ? toServer : client;
            byte[] room = new byte[32 * 1024];
            try {
                for (int n = from.getInputStream().read(room); n >= 0; ) {
                    gate.await();
                    look(room, n);
                    if (lost.contains(way)) {
                        lostBytes.addAndGet(n);
                    } else {
                        to.getOutputStream().write(room, 0, n);
                    }
                    n = from.getInputStream().read(room);
                }
            } catch (IOException broken) {
                // Ends the other direction in the same way.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ended(way, to);
        }

        private void look(byte[] room, int length) {
            Trap set = trap.get();
            if (set != null && contains(room, length, set.text) && trap.compareAndSet(set, null)) {
                lose(set.lost);
                set.triggered.countDown();
            }
        }

        private void ended(Way way, Socket to) {
            if (lost.contains(way)) {
                noticed();
            } else {
                shutdown(to);
            }
            if (ended.incrementAndGet() == Way.values().length) {
                close();
            }
        }

        private void noticed() {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    Thread.sleep(noticedAfter);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                close();
                            });
        }

        private static void shutdown(Socket socket) {
            try {
                socket.shutdownOutput();
            } catch (IOException goneAnyway) {
                // The peer is gone, so there is nothing to report to.
            }
        }

        void close() {
            links.remove(this);
            for (Socket socket : new Socket[] {client, toServer}) {
                try {
                    socket.close();
                } catch (IOException goneAnyway) {
                    // Intended.
                }
            }
        }
    }
}

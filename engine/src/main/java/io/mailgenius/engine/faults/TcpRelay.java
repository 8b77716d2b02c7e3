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
 * Stands between a client and a server and forwards bytes, until it is told to fail as networks do:
 * without a word to either side. It needs no rights.
 *
 * <p>One thing it cannot do: the kernel goes on to acknowledge what a peer sends, keepalive probes
 * too. A peer that looks for an end of its waits only in the options of TCP does not find one here;
 * it needs a time limit of its own, or must ask.
 */
public final class TcpRelay implements AutoCloseable {

    /** Which bytes. */
    public enum Way {
        /** From the client to the server. */
        REQUESTS,
        /** From the server to the client. */
        ANSWERS
    }

    private static final int CONNECT_MILLIS = 5_000;
    private static final CountDownLatch OPEN = new CountDownLatch(0);

    /**
     * Waits for a text.
     *
     * @param text in the bytes as they are on the wire, within one read of the relay
     * @param lost what the connection on which it is seen loses from then on, that piece included
     */
    private record Trap(byte[] text, Set<Way> lost, CountDownLatch sprung) {}

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
     * @param server any URL that names a host and a port, a JDBC URL too
     */
    public static TcpRelay inFrontOf(String server) throws IOException {
        return inFrontOf(server, Duration.ofHours(1));
    }

    /**
     * @param noticedAfter when the server notices that a client is gone whose end got lost, as it
     *     does by probes of its own in a real network
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

    /** The same URL, with this relay in the place of the server. */
    public String instead(String url) {
        return url.replaceFirst("//([^/@]*@)?[^/@:]+:\\d+", "//$1localhost:" + port());
    }

    private void accept() {
        while (!clients.isClosed()) {
            try {
                Socket client = clients.accept();
                accepted.incrementAndGet();
                // A server that does not answer at once must not keep the next client waiting.
                Thread.ofVirtual().start(() -> link(client));
            } catch (IOException closedOrAborted) {
                // The loop finds out which.
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

    /** The connections that are there now lose all that is sent, for good. New ones work. */
    public int forget() {
        return forget(EnumSet.allOf(Way.class));
    }

    /**
     * The connections that are there now lose what is sent this way, the end of a connection
     * included, for good. New ones work.
     *
     * @return how many there are
     */
    public int forget(Set<Way> lost) {
        int hit = 0;
        for (Link link : links) {
            hit += link.lose(lost) ? 1 : 0;
        }
        return hit;
    }

    /** As {@link #forget}, and connections that are made until {@link #heal} lose as much. */
    public int cutOff(Set<Way> lost) {
        lostByNew = EnumSet.copyOf(lost);
        return forget(lost);
    }

    /** As if there were no way at all. */
    public int cutOff() {
        return cutOff(EnumSet.allOf(Way.class));
    }

    /** Nothing goes either way until {@link #heal}, and nothing is lost. */
    public synchronized void stall() {
        if (gate == OPEN) {
            gate = new CountDownLatch(1);
        }
    }

    /** New connections work, and what was stalled goes on. What was forgotten stays so. */
    public synchronized void heal() {
        lostByNew = EnumSet.noneOf(Way.class);
        gate.countDown();
        gate = OPEN;
    }

    /**
     * New connections lead to another server, as after a failover behind one address. What becomes
     * of those that are there is for the caller to say.
     *
     * @param other any URL that names a host and a port
     */
    public void leadTo(String other) {
        server = address(other);
    }

    /**
     * Forgets one connection only: the first on which this text is sent, either way, and in the
     * middle of what is sent. A text that is wanted to be found should come more than once, since
     * one that is cut in two by the network is not seen.
     *
     * @return opens when it has happened
     */
    public CountDownLatch forgetOnceSeen(String text, Set<Way> lost) {
        Trap set = new Trap(text.getBytes(UTF_8), EnumSet.copyOf(lost), new CountDownLatch(1));
        trap.set(set);
        return set.sprung;
    }

    /** How many connections were ever made to it. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections that are there and lose nothing. */
    public long healthy() {
        return links.stream().filter(link -> link.lost.isEmpty()).count();
    }

    /** How much was sent that did not arrive. */
    public long lostBytes() {
        return lostBytes.get();
    }

    /** Ends all connections. */
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
                // It ends, too, and in the same way for the other side.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ended(way, to);
        }

        private void look(byte[] room, int length) {
            Trap set = trap.get();
            if (set != null && contains(room, length, set.text) && trap.compareAndSet(set, null)) {
                lose(set.lost);
                set.sprung.countDown();
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
                // Nobody is there who could be told.
            }
        }

        void close() {
            links.remove(this);
            for (Socket socket : new Socket[] {client, toServer}) {
                try {
                    socket.close();
                } catch (IOException goneAnyway) {
                    // That was the aim.
                }
            }
        }
    }
}

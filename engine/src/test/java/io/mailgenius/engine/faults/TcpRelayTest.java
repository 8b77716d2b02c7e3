package io.mailgenius.engine.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.mailgenius.engine.faults.TcpRelay.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay in front of an echo server. */
class TcpRelayTest {

    private static final int A_MOMENT_MILLIS = 200;

    private final AtomicInteger bytesAtServer = new AtomicInteger();
    private final AtomicInteger endsAtServer = new AtomicInteger();
    private ServerSocket server;
    private TcpRelay relay;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::serve);
        relay = TcpRelay.inFrontOf("echo://localhost:" + server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                bytesAtServer.incrementAndGet();
                socket.getOutputStream().write(b);
            }
        } catch (IOException broken) {
            // Equivalent to the end of the connection.
        }
        endsAtServer.incrementAndGet();
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void assertAnswers(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('x');
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        socket.setSoTimeout(A_MOMENT_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(10_000);
    }

    @Test
    void data_and_the_end_are_forwarded_in_both_directions() throws IOException {
        try (Socket socket = client()) {
            socket.getOutputStream().write("abc".getBytes(US_ASCII));
            assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes(US_ASCII));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        await().untilAtomic(endsAtServer, is(1));
        await().until(() -> relay.healthy() == 0);
    }

    @Test
    void forgotten_connections_stay_silent_and_new_ones_work() throws IOException {
        try (Socket old = client()) {
            assertAnswers(old);
            assertThat(relay.forget()).isEqualTo(1);
            assertSilent(old);
            try (Socket other = client()) {
                assertAnswers(other);
            }
            relay.heal();
            assertSilent(old);
        }
        assertThat(bytesAtServer).hasValue(2);
        assertThat(relay.lostBytes()).isEqualTo(2);
    }

    @Test
    void an_end_that_gets_lost_is_not_seen_until_it_is_noticed() throws IOException {
        relay.close();
        relay =
                TcpRelay.inFrontOf(
                        "echo://localhost:" + server.getLocalPort(),
                        Duration.ofMillis(2 * A_MOMENT_MILLIS));
        Socket old = client();
        assertAnswers(old);
        relay.forget();
        long closed = System.nanoTime();
        old.close();
        await().untilAtomic(endsAtServer, is(1));
        assertThat(System.nanoTime() - closed)
                .isGreaterThanOrEqualTo(Duration.ofMillis(2 * A_MOMENT_MILLIS).toNanos());
    }

    @Test
    void requests_arrive_when_only_answers_are_lost() throws IOException {
        try (Socket socket = client()) {
            assertAnswers(socket);
            relay.forget(EnumSet.of(Way.ANSWERS));
            assertSilent(socket);
            assertThat(bytesAtServer).hasValue(2);
        }
        // The FIN is forwarded in the direction that works.
        await().untilAtomic(endsAtServer, is(1));
    }

    @Test
    void lost_requests_never_arrive() throws IOException {
        try (Socket socket = client()) {
            assertAnswers(socket);
            relay.forget(EnumSet.of(Way.REQUESTS));
            assertSilent(socket);
            assertThat(bytesAtServer).hasValue(1);
        }
    }

    @Test
    void a_stall_loses_nothing() throws IOException {
        try (Socket socket = client()) {
            assertAnswers(socket);
            relay.stall();
            assertSilent(socket);
            relay.heal();
            assertThat(socket.getInputStream().read()).isEqualTo('x');
            assertAnswers(socket);
        }
    }

    @Test
    void a_cut_off_applies_to_new_connections_until_it_heals() throws IOException {
        try (Socket old = client()) {
            assertAnswers(old);
            relay.cutOff();
            assertSilent(old);
            try (Socket other = client()) {
                assertSilent(other);
                relay.heal();
                assertSilent(other);
            }
            try (Socket later = client()) {
                assertAnswers(later);
            }
        }
    }

    @Test
    void the_connection_on_which_a_text_is_seen_is_forgotten_and_no_other() throws Exception {
        try (Socket other = client();
                Socket one = client()) {
            assertAnswers(other);
            assertAnswers(one);
            CountDownLatch seen = relay.forgetOnceSeen("halfway", EnumSet.of(Way.ANSWERS));
            one.getOutputStream().write("...halfway...".getBytes(US_ASCII));
            seen.await();
            assertSilent(one);
            assertAnswers(other);
            other.getOutputStream().write("halfway".getBytes(US_ASCII));
            assertThat(other.getInputStream().readNBytes(7))
                    .isEqualTo("halfway".getBytes(US_ASCII));
        }
    }

    @Test
    void new_connections_are_forwarded_to_the_other_server() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
                Socket old = client()) {
            assertAnswers(old);
            relay.leadTo("echo://localhost:" + other.getLocalPort());
            assertAnswers(old);
            try (Socket later = client();
                    Socket there = other.accept()) {
                later.getOutputStream().write('y');
                assertThat(there.getInputStream().read()).isEqualTo('y');
            }
        }
    }

    @Test
    void a_server_that_is_not_there_ends_the_connection() throws IOException {
        // Bound but not listening, so that it refuses connections and no other program takes the
        // port.
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            relay.leadTo("echo://localhost:" + nobody.getLocalPort());
            try (Socket socket = client()) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void it_takes_the_place_of_the_server_in_any_url() {
        assertThat(relay.instead("jdbc:postgresql://db.example:5432/mail?x=y"))
                .isEqualTo("jdbc:postgresql://localhost:" + relay.port() + "/mail?x=y");
        assertThat(relay.instead("redis://:secret@10.0.0.1:6379"))
                .isEqualTo("redis://:secret@localhost:" + relay.port());
    }
}

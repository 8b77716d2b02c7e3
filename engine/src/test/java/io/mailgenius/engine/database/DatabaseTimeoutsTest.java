package io.mailgenius.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.TestCluster;
import io.mailgenius.engine.TestNode;
import io.mailgenius.engine.settings.Role;
import java.net.Socket;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatabaseTimeoutsTest {

    @Test
    void the_server_probes_sessions_of_both_pools_soon() {
        try (TestCluster cluster = new TestCluster()) {
            TestNode node = cluster.start(Role.WORKER);
            for (JdbcClient pool :
                    new JdbcClient[] {
                        node.get(JdbcClient.class), node.get(ControlDatabase.class).jdbc()
                    }) {
                assertThat(pool.sql("SHOW tcp_keepalives_idle").query(String.class).single())
                        .isEqualTo("10");
                assertThat(pool.sql("SELECT current_user").query(String.class).single())
                        .isEqualTo("mailgenius_app");
            }
        }
    }

    @Test
    void a_socket_to_the_server_is_probed_from_the_third_second_on() throws Exception {
        try (Socket socket = new ProbedSockets().createSocket()) {
            assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(3);
            assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(2);
            assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
        }
    }
}

package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class FreePortTest {

    @RepeatedTest(20)
    void no_outgoing_connection_gets_it_before_the_node_listens() {
        assertThat(FreePort.any()).isBetween(FreePort.FIRST, FreePort.LAST).isLessThan(32_768);
    }

    @Test
    void a_port_that_somebody_listens_on_is_not_free() throws IOException {
        int port = FreePort.any();
        assertThat(FreePort.isFree(port)).isTrue();
        try (ServerSocket taken = new ServerSocket(port)) {
            assertThat(FreePort.isFree(taken.getLocalPort())).isFalse();
        }
    }
}

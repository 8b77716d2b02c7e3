package io.mailgenius.jobs.providers.domains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;

/** Against a name server of one thread. */
class DnsTxtRecordsTest {

    private DatagramSocket socket;
    private TxtRecords records;

    @BeforeEach
    void start() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        records =
                new DnsTxtRecords(
                        new SimpleResolver(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), socket.getLocalPort())));
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        while (!socket.isClosed()) {
            try {
                socket.receive(packet);
                byte[] answer =
                        answer(new Message(Arrays.copyOf(packet.getData(), packet.getLength())))
                                .toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                packet.setLength(512);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static Message answer(Message asked) {
        Message answer = new Message(asked.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(asked.getQuestion(), Section.QUESTION);
        String name = asked.getQuestion().getName().toString();
        if (name.startsWith("_mailgenius.")) {
            answer.addRecord(
                    new TXTRecord(
                            asked.getQuestion().getName(),
                            DClass.IN,
                            60,
                            List.of("mailgenius-workspace=", "a b")),
                    Section.ANSWER);
        } else {
            answer.getHeader()
                    .setRcode(name.startsWith("broken.") ? Rcode.SERVFAIL : Rcode.NXDOMAIN);
        }
        return answer;
    }

    @Test
    void texts_are_joined_none_is_none_and_a_server_that_fails_says_nothing() throws IOException {
        assertThat(records.of("_mailgenius.example.com"))
                .containsExactly("mailgenius-workspace=a b");
        assertThat(records.of("none.example.com")).isEmpty();
        assertThatThrownBy(() -> records.of("broken.example.com")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> records.of("a..b")).isInstanceOf(IOException.class);
    }
}

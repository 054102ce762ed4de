package io.ugatit.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cluster.StandaloneCluster;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class LinkTest {
    @Test
    void whatIsSentArrivesUntilTheLinkIsCutAndAgainOnceItIsMended() throws IOException {
        int port = StandaloneCluster.freePort();
        try (ServerSocket server = new ServerSocket(port, 8, InetAddress.getLoopbackAddress()); Link link = new Link(port)) {
            try (Socket client = new Socket(Link.HOST, port); Socket end = server.accept()) {
                client.getOutputStream().write(7);
                assertThat(end.getInputStream().read()).isEqualTo(7);
                end.getOutputStream().write(8);
                assertThat(client.getInputStream().read()).isEqualTo(8);
                link.cut();
                assertThat(end.getInputStream().read()).as("the end of what comes").isEqualTo(-1);
            }
            assertThatThrownBy(() -> connectAndRead(port)).isInstanceOf(IOException.class);
            link.mend();
            try (Socket client = new Socket(Link.HOST, port)) {
                client.getOutputStream().write(9);
                assertThat(firstByte(server)).isEqualTo(9);
            }
        }
    }

    /** Of the first connection that says something: whom the link has thrown out may have reached the server's queue before. */
    private static int firstByte(ServerSocket server) throws IOException {
        int read = -1;
        while (read < 0) {
            try (Socket end = server.accept()) {
                read = end.getInputStream().read();
            }
        }
        return read;
    }

    /** Who comes while the door is being closed may get in, and is thrown out. */
    private static void connectAndRead(int port) throws IOException {
        try (Socket late = new Socket(Link.HOST, port)) {
            if (late.getInputStream().read() < 0) {
                throw new EOFException("closed by the link");
            }
        }
    }

    @Test
    void whereNobodyListensTheConnectionEnds() throws IOException {
        int port = StandaloneCluster.freePort();
        try (Link link = new Link(port)) {
            try (Socket client = new Socket(Link.HOST, port)) {
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            link.cut();
        }
    }
}

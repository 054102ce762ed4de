package io.ugatit.cluster;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens in the place of a server, passes all connections on to it, and keeps what goes either way. */
final class WireTap implements AutoCloseable {
    private final ServerSocket listening;
    private final InetAddress server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<ByteArrayOutputStream> heard = new CopyOnWriteArrayList<>();

    /**
     * @param address where to listen
     * @param server where the server listens on the same port
     */
    WireTap(InetAddress address, InetAddress server, int port) throws IOException {
        this.listening = new ServerSocket(port, 50, address);
        this.server = server;
        inBackground(this::accept);
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "wire-tap");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                inBackground(() -> passOn(client));
            } catch (IOException e) { // closed here
                return;
            }
        }
    }

    private void passOn(Socket client) {
        try {
            Socket passedOn = new Socket(server, listening.getLocalPort());
            sockets.add(passedOn);
            inBackground(() -> pass(passedOn, client));
            pass(client, passedOn);
        } catch (IOException e) { // the server is not there yet, or no more: its client finds out and asks again
            close(client);
        }
    }

    private void pass(Socket from, Socket to) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        heard.add(kept);
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                kept.write(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) { // one side has gone, which the other is told by the end of the stream
            close(from);
            close(to);
        }
    }

    /** How many bytes went either way. */
    long bytes() {
        return heard.stream().mapToLong(ByteArrayOutputStream::size).sum();
    }

    /** Whether any connection has carried these bytes in one piece, each a character. */
    boolean heard(String bytes) {
        return heard.stream().anyMatch(kept -> kept.toString(StandardCharsets.ISO_8859_1).contains(bytes));
    }

    private static void close(Closeable open) {
        try {
            open.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        close(listening);
        sockets.forEach(WireTap::close);
    }
}

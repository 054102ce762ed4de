package io.ugatit.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network link that can be cut: what is sent to a port of 127.0.0.2 arrives at the same port of 127.0.0.1. While it is cut all its
 * connections are closed and new ones refused.
 */
final class Link implements AutoCloseable {
    /** Whoever shall be reached over links is told to be there. */
    static final String HOST = "127.0.0.2";
    private static final int BUFFER = 1 << 16;

    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket listening;

    /** An open one. */
    Link(int port) throws IOException {
        this.port = port;
        mend();
    }

    /** Closes all connections and lets none in. */
    synchronized void cut() throws IOException {
        if (listening != null) {
            listening.close();
            listening = null;
        }
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    /** Lets connections in again. */
    synchronized void mend() throws IOException {
        if (listening == null) {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(HOST, port), 256);
            listening = socket;
            thread("accepts", () -> accept(socket));
        }
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private void thread(String does, Runnable work) {
        Thread thread = new Thread(work, "link-" + port + "-" + does);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                connect(socket, socket.accept());
            } catch (IOException e) {
                continue; // it is cut, and the loop ends, or one connection has failed, and its client comes again
            }
        }
    }

    private void connect(ServerSocket door, Socket from) throws IOException {
        Socket to = new Socket();
        try {
            to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
        } catch (IOException e) { // nobody is there
            from.close();
            to.close();
            throw e;
        }
        synchronized (this) {
            if (door.isClosed()) {
                from.close();
                to.close();
                return;
            }
            open.add(from);
            open.add(to);
        }
        thread("there", () -> pump(from, to));
        thread("back", () -> pump(to, from));
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            return; // cut, or one end was killed: the other learns it by the close
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }
}

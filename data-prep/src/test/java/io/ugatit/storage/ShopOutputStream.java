package io.ugatit.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.StreamCapabilities;

/** Keeps what is written until it is closed, and forgets it if it is aborted. */
final class ShopOutputStream extends OutputStream implements Abortable, StreamCapabilities {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Store store;
    private boolean open = true;

    /** Takes an object. */
    @FunctionalInterface
    interface Store {
        void put(ByteArrayOutputStream object) throws IOException;
    }

    ShopOutputStream(Store store) {
        this.store = store;
    }

    @Override
    public void write(int value) {
        bytes.write(value);
    }

    @Override
    public void write(byte[] values, int from, int count) {
        bytes.write(values, from, count);
    }

    @Override
    public void close() throws IOException {
        if (open) {
            open = false;
            store.put(bytes);
        }
    }

    @Override
    public AbortableResult abort() {
        boolean wasOpen = open;
        open = false;
        return new AbortableResult() {
            @Override
            public boolean alreadyClosed() {
                return !wasOpen;
            }

            @Override
            public IOException anyCleanupException() {
                return null;
            }
        };
    }

    @Override
    public boolean hasCapability(String capability) {
        return capability.equals(ABORTABLE_STREAM);
    }
}

package io.ugatit.device;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Gives the thread that runs a class's tests its number of threads back after each of them, since the next class runs on it too. */
public final class KeptThreads implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace OURS = Namespace.create(KeptThreads.class);

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(OURS).put(KeptThreads.class, Threads.inUse());
    }

    @Override
    public void afterEach(ExtensionContext test) {
        Threads.use(test.getStore(OURS).get(KeptThreads.class, Integer.class));
    }
}

package io.ugatit.tensor.cpu.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A parallel section: actions that the calling thread and its {@link Helper}s take one after the other until none is left. */
final class Section {
    private final int count;
    private final InParallel.Action action;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger helping = new AtomicInteger();
    private final Thread caller = Thread.currentThread();
    private volatile boolean callerParks;
    private volatile Throwable failure;

    Section(int count, InParallel.Action action) {
        this.count = count;
        this.action = action;
    }

    /** Returns when all actions are done; throws what one of them threw. @param helpers at most, beside the calling thread */
    void run(int helpers) {
        List<Helper> asked = new ArrayList<>(helpers);
        for (Helper helper = Helper.idle(); helper != null; helper = asked.size() < helpers ? Helper.idle() : null) {
            helping.incrementAndGet();
            helper.ask(this);
            asked.add(helper);
        }
        try {
            takeActions();
        } finally {
            // even after a failure: nobody may take the memory from under the others
            for (Helper helper : asked) {
                if (helper.withdraw(this)) {
                    helping.decrementAndGet();
                }
            }
            await();
        }
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (failure instanceof Error thrown) {
            throw thrown;
        }
    }

    private void takeActions() {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            action.on(i);
        }
    }

    private void await() {
        if (Helper.spins(() -> helping.get() == 0)) {
            return;
        }
        callerParks = true;
        while (helping.get() > 0) {
            LockSupport.park(this);
        }
    }

    /** What a helper does. It is idle again before the caller knows that it has finished, so that the next section finds it. */
    void help(Helper helper) {
        try {
            takeActions();
        } catch (RuntimeException | Error e) {
            failure = e;
            next.set(count);
        } finally {
            helper.becomeIdle();
            if (helping.decrementAndGet() == 0 && callerParks) {
                LockSupport.unpark(caller);
            }
        }
    }
}

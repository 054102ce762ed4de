package io.ugatit.tensor.cpu.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A parallel section: actions that the calling thread and its {@link TeamThread}s take one after the other until none is left. */
final class Section {
    private final Team team;
    private final int count;
    private final InParallel.Action action;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger helping = new AtomicInteger();
    private final Thread caller = Thread.currentThread();
    private volatile boolean callerParks;
    private volatile Throwable failure;

    Section(int count, InParallel.Action action) {
        this(Team.SHARED, count, action);
    }

    /** @param team who helps */
    Section(Team team, int count, InParallel.Action action) {
        this.team = team;
        this.count = count;
        this.action = action;
    }

    /** Returns when all actions are done; throws what one of them threw. @param others threads at most, beside the calling one */
    void run(int others) {
        List<TeamThread> asked = new ArrayList<>(others);
        try {
            while (asked.size() < others) {
                TeamThread thread = team.idle();
                if (thread == null) {
                    break;
                }
                helping.incrementAndGet();
                thread.ask(this);
                asked.add(thread);
            }
            takeActions();
        } finally {
            // even after a failure: nobody may take the memory from under the others
            for (TeamThread thread : asked) {
                if (thread.withdraw(this)) {
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
        if (TeamThread.spins(() -> helping.get() == 0)) {
            return;
        }
        callerParks = true;
        while (helping.get() > 0) {
            LockSupport.park(this);
        }
    }

    /** What a thread does. It is idle again before the caller knows that it has finished, so that the next section finds it. */
    void help(TeamThread thread) {
        try {
            takeActions();
        } catch (RuntimeException | Error e) {
            failure = e;
            next.set(count);
        } finally {
            thread.becomeIdle();
            if (helping.decrementAndGet() == 0 && callerParks) {
                LockSupport.unpark(caller);
            }
        }
    }
}

package io.ugatit.soak;

import io.ugatit.process.JavaProcess;
import io.ugatit.process.Waiting;
import java.io.File;
import java.util.Optional;
import java.util.function.Supplier;

/** Does faults, and undoes them. */
final class Victims {
    private static final Undo NOTHING = () -> { };
    private final SoakCluster cluster;
    private final SupervisedTraining training;

    /** Undoes a fault. */
    interface Undo {
        void run() throws Exception;
    }

    Victims(SoakCluster cluster, SupervisedTraining training) {
        this.cluster = cluster;
        this.training = training;
    }

    /**
     * Waits until there is what the fault is to be done to, and does it.
     *
     * @return empty if the training has ended before
     */
    Optional<Undo> strike(Fault fault) throws Exception {
        int target = fault.target();
        return switch (fault.kind()) {
            case EXECUTOR_KILLED -> onceThere(() -> executor(target).filter(ProcessHandle::destroyForcibly)).map(executor -> NOTHING);
            case EXECUTOR_STOPPED -> onceThere(() -> executor(target).filter(Victims::stop)).map(Victims::goOn);
            case WORKER_KILLED -> killWorker(target);
            case WORKER_STOPPED -> stopped(cluster.spark().worker(target));
            case DRIVER_KILLED -> onceThere(() -> driver().filter(training::kill)).map(driver -> NOTHING);
            case DRIVER_STOPPED -> onceThere(() -> driver().map(JavaProcess::handle).filter(Victims::stop)).map(Victims::goOn);
            case DATA_NODE_KILLED -> {
                cluster.hdfs().killDataNode(target);
                yield Optional.of(() -> cluster.hdfs().startDataNode(target));
            }
            case DATA_NODE_STOPPED -> stopped(cluster.hdfs().dataNode(target));
            case NAME_NODE_KILLED -> {
                cluster.hdfs().killNameNode();
                yield Optional.of(cluster.hdfs()::startNameNode);
            }
            case NAME_NODE_STOPPED -> stopped(cluster.hdfs().nameNode());
            case SHUFFLE_FILE_DELETED -> onceThere(() -> shuffleFile(cluster.spark().local(target).toFile()).filter(File::delete))
                    .map(file -> NOTHING);
            case NAME_NODE_CUT_OFF -> {
                cluster.toNameNode().cut();
                yield Optional.of(cluster.toNameNode()::mend);
            }
            case DRIVER_CUT_OFF -> cutDriverOff();
        };
    }

    private <T> Optional<T> onceThere(Supplier<Optional<T>> look) {
        Object[] found = new Object[1];
        Waiting.until("there is what the fault is to be done to", () -> {
            boolean ended = training.hasEnded();
            Optional<T> victim = ended ? Optional.empty() : look.get();
            victim.ifPresent(one -> found[0] = one);
            return ended || victim.isPresent();
        });
        @SuppressWarnings("unchecked")
        T victim = (T) found[0];
        return Optional.ofNullable(victim);
    }

    private Optional<ProcessHandle> executor(int worker) {
        return cluster.spark().executors(worker).stream().filter(ProcessHandle::isAlive).findFirst();
    }

    private Optional<JavaProcess> driver() {
        return Optional.ofNullable(training.trainingDriver());
    }

    private static boolean stop(ProcessHandle process) {
        return JavaProcess.signal("STOP", process);
    }

    /** The process may have been killed meanwhile: a worker ends executors of a driver that is gone. */
    private static Undo goOn(ProcessHandle process) {
        return () -> JavaProcess.signal("CONT", process);
    }

    private static Optional<Undo> stopped(ProcessHandle process) {
        if (!stop(process)) {
            throw new IllegalStateException("process " + process.pid() + " has ended, though nobody has killed it");
        }
        return Optional.of(goOn(process));
    }

    private Optional<Undo> killWorker(int number) throws Exception {
        cluster.spark().killWorker(number);
        Leftovers.delete(cluster.spark().local(number));
        Leftovers.delete(cluster.spark().work(number));
        return Optional.of(() -> cluster.spark().startWorker(number));
    }

    private Optional<Undo> cutDriverOff() throws Exception {
        if (onceThere(this::driver).isEmpty()) {
            return Optional.empty();
        }
        for (Link link : cluster.toDriver()) {
            link.cut();
        }
        return Optional.of(() -> {
            for (Link link : cluster.toDriver()) {
                link.mend();
            }
        });
    }

    /** Files come and go while they are looked for. */
    private static Optional<File> shuffleFile(File folder) {
        File[] children = folder.listFiles();
        if (children == null) {
            return Optional.empty();
        }
        for (File child : children) {
            Optional<File> found = child.isDirectory() ? shuffleFile(child)
                    : child.getName().startsWith("shuffle_") && child.getName().endsWith(".data") ? Optional.of(child) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}

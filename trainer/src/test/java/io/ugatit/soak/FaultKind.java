package io.ugatit.soak;

/** What is done to a part of the cluster. Weights are small where the recovery takes long, so that a training goes on between. */
enum FaultKind {
    EXECUTOR_KILLED("executor killed", 8, true, false),
    EXECUTOR_STOPPED("executor stopped", 12, true, true),
    /** With its executors and its disk, as if the machine were gone; another takes its place. */
    WORKER_KILLED("worker killed", 4, true, true),
    WORKER_STOPPED("worker stopped", 10, true, true),
    /** The same command is given again. */
    DRIVER_KILLED("driver killed", 3, false, false),
    DRIVER_STOPPED("driver stopped", 8, false, true),
    DATA_NODE_KILLED("data node killed", 6, true, true),
    DATA_NODE_STOPPED("data node stopped", 10, true, true),
    NAME_NODE_KILLED("name node killed", 4, false, true),
    NAME_NODE_STOPPED("name node stopped", 8, false, true),
    /** The first file of a worker's executors that is found in the middle of a round. */
    SHUFFLE_FILE_DELETED("shuffle file deleted", 14, true, false),
    /** Between the name node and its clients. */
    NAME_NODE_CUT_OFF("name node cut off", 12, false, true),
    /** Between the driver and its executors, which end themselves then. */
    DRIVER_CUT_OFF("driver cut off", 3, false, true);

    private final String label;
    private final int weight;
    private final boolean oneOfSeveral;
    private final boolean lasting;

    FaultKind(String label, int weight, boolean oneOfSeveral, boolean lasting) {
        this.label = label;
        this.weight = weight;
        this.oneOfSeveral = oneOfSeveral;
        this.lasting = lasting;
    }

    /** For people. */
    String label() {
        return label;
    }

    /** How often it comes, beside the others' weights. */
    int weight() {
        return weight;
    }

    /** Whether there are several that it may be done to. */
    boolean isOneOfSeveral() {
        return oneOfSeveral;
    }

    /** Whether it is done at one time and undone at another. */
    boolean isLasting() {
        return lasting;
    }
}

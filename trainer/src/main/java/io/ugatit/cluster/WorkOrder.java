package io.ugatit.cluster;

import java.io.InputStream;
import org.nd4j.common.loader.Source;

/**
 * One step of one worker, in the place of the file path that dl4j-spark sends to a worker. It decides, with the seed, every image.
 *
 * @param step counts from 1
 * @param worker from 0
 */
record WorkOrder(long step, int worker) {

    /** The text that travels. */
    String path() {
        return step + "/" + worker;
    }

    /** Reads {@link #path}. */
    static WorkOrder parse(String path) {
        int slash = path.indexOf('/');
        return new WorkOrder(Long.parseLong(path.substring(0, slash)), Integer.parseInt(path.substring(slash + 1)));
    }

    /** As a loader takes it. */
    static Source source(String path) {
        return new Source() {
            @Override
            public InputStream getInputStream() {
                throw new UnsupportedOperationException("a work order is no file");
            }

            @Override
            public String getPath() {
                return path;
            }
        };
    }
}

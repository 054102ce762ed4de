package io.ugatit.cluster.feeding;

import java.io.InputStream;
import org.nd4j.common.loader.Source;

/**
 * One step of one worker, in the place of the file path that dl4j-spark sends to a worker. It decides, with the seed, every image.
 *
 * @param step counts from 1
 * @param worker from 0
 */
public record WorkOrder(long step, int worker) {

    /** The text that travels. */
    public String path() {
        return step + "/" + worker;
    }

    /** Reads {@link #path}. */
    public static WorkOrder parse(String path) {
        int slash = path.indexOf('/');
        return new WorkOrder(Long.parseLong(path.substring(0, slash)), Integer.parseInt(path.substring(slash + 1)));
    }

    /** As a loader takes it. */
    public static Source source(String path) {
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

package io.ugatit.tensorboard;

import java.util.Map;

/**
 * The events of TensorBoard's files that a training writes, as protobuf messages (tensorflow/core/util/event.proto,
 * core/framework/summary.proto, tensorboard/plugins/hparams/plugin_data.proto). Times are seconds since 1970.
 */
final class Events {
    private static final String VERSION = "brain.Event:2";
    private static final int SESSION_STARTS = 1;
    private static final int RGB = 3;
    private static final int FLOAT = 1;
    private static final String HPARAMS = "hparams";

    private Events() { }

    /** The first of a file. */
    static byte[] version(double time) {
        return new Message().put(1, time).put(3, VERSION).toBytes();
    }

    /** A training goes on: what files before told of this step and later ones does not hold any more. */
    static byte[] starts(double time, long firstStep) {
        return event(time, firstStep).put(7, new Message().put(1, (long) SESSION_STARTS)).toBytes();
    }

    /** Numbers by their tags. */
    static byte[] scalars(double time, long step, Map<String, Double> values) {
        Message summary = new Message();
        values.forEach((tag, value) -> summary.put(1, new Message().put(1, tag).put(2, value.floatValue())));
        return event(time, step).put(5, summary).toBytes();
    }

    /** Pictures by their tags. */
    static byte[] images(double time, long step, Map<String, EventImage> images) {
        Message summary = new Message();
        images.forEach((tag, image) -> summary.put(1, new Message().put(1, tag).put(4, new Message()
                .put(1, (long) image.height()).put(2, (long) image.width()).put(3, (long) RGB).put(4, image.file()))));
        return event(time, step).put(5, summary).toBytes();
    }

    /**
     * What the run was made with, for the page HPARAMS.
     *
     * @param values Boolean, Number or else text
     */
    static byte[] hyperparameters(double time, String run, Map<String, Object> values) {
        Message start = new Message();
        values.forEach((name, value) -> start.put(1, new Message().put(1, name).put(2, value(value))));
        start.put(4, run).put(5, time);
        Message content = new Message().put(1, 0L).put(3, start);
        Message metadata = new Message().put(1, new Message().put(1, HPARAMS).put(2, content));
        // a value must have a tensor, though nobody looks at it: one float
        Message tensor = new Message().put(1, (long) FLOAT).put(2, new Message().put(2, new Message().put(1, 1L))).put(5, 0f);
        Message summary = new Message().put(1, new Message().put(1, "_hparams_/session_start_info").put(8, tensor).put(9, metadata));
        return event(time, 0).put(5, summary).toBytes();
    }

    private static Message value(Object value) {
        if (value instanceof Boolean flag) {
            return new Message().put(4, flag.booleanValue());
        } else if (value instanceof Number number) {
            return new Message().put(2, number.doubleValue());
        }
        return new Message().put(3, value.toString());
    }

    private static Message event(double time, long step) {
        return new Message().put(1, time).put(2, step);
    }
}

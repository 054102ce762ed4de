package io.ugatit.evaluate.inception;

import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;

/**
 * One layer, compiled. Any number of threads may execute it at a time.
 *
 * @param primitive that computes it
 * @param maps what it reads and writes, by oneDNN's number of the argument
 * @param weights what it reads that is the same for all threads, likewise
 * @param scratch memory for its own use, of each thread
 */
record Step(primitive primitive, Map<Integer, Maps> maps, Map<Integer, memory> weights, memory.desc scratch) { }

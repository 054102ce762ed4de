package io.ugatit.translate.generator;

import io.ugatit.tensor.choice.KernelChoice;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The generators of an executor, so that its tasks need not read one each: every generator's parameters are held once, with as many
 * translators over them as tasks ran at the same time. What no task uses goes as soon as another generator is asked for. Thread-safe.
 */
public final class TranslatorPool {
    /** An executor's; tasks meet nowhere else. */
    public static final TranslatorPool SHARED = new TranslatorPool();

    private final Map<Wanted, Loaded> loaded = new HashMap<>();

    /** For an executor, {@link #SHARED}. */
    TranslatorPool() { }

    private record Wanted(GeneratorSource source, KernelChoice kernels) { }

    private static final class Loaded {
        private final GeneratorWeights weights;
        private final Deque<Translator> idle = new ArrayDeque<>();
        private int borrowed;

        Loaded(GeneratorWeights weights) {
            this.weights = weights;
        }

        void close() {
            idle.forEach(Translator::close);
            weights.close();
        }
    }

    /**
     * A translator for one task, to be given back. Whoever comes while the parameters are read waits, since he needs the same.
     *
     * @param kernels to compute with
     * @throws io.ugatit.job.InvalidRequestException if the file does not hold the generator
     * @throws IOException if the file system fails
     */
    public synchronized Translator borrow(Configuration configuration, GeneratorSource source, KernelChoice kernels) throws IOException {
        Wanted wanted = new Wanted(source, kernels);
        Loaded generator = loaded.get(wanted);
        if (generator == null) {
            freeUnused();
            generator = new Loaded(GeneratorWeights.load(configuration, source));
            loaded.put(wanted, generator);
        }
        Translator translator = generator.idle.isEmpty() ? new Translator(generator.weights, kernels) : generator.idle.pop();
        generator.borrowed++;
        return translator;
    }

    /** Takes a translator back; one that has failed is closed. */
    public synchronized void giveBack(GeneratorSource source, KernelChoice kernels, Translator translator) {
        Loaded generator = loaded.get(new Wanted(source, kernels));
        generator.borrowed--;
        if (translator.hasFailed()) {
            translator.close();
        } else {
            generator.idle.push(translator);
        }
    }

    /** Frees the memory of the generators that no task uses. */
    public synchronized void freeUnused() {
        loaded.values().removeIf(generator -> {
            if (generator.borrowed == 0) {
                generator.close();
            }
            return generator.borrowed == 0;
        });
    }

    /** How many generators' parameters are held. */
    synchronized int generators() {
        return loaded.size();
    }

    /** How many translators tasks have. */
    synchronized int borrowed() {
        return loaded.values().stream().mapToInt(generator -> generator.borrowed).sum();
    }
}

package io.ugatit.weights.torch;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors in dictionaries of dictionaries, under their keys joined by dots. Whatever else is in them plays no part. */
final class TensorTree {
    /** An optimizer's tensors are 4 deep. */
    private static final int DEEPEST = 8;
    /** Dictionaries may be in each other many times over. */
    private static final int MOST_ENTRIES = 500_000;
    /** A name is copied into those of all that is below it. */
    private static final int LONGEST_NAME = 1024;
    /** Of all names together: those of the six networks have some 20,000. */
    private static final long MOST_LETTERS = 16 << 20;

    private final Map<String, StridedTensor> tensors = new LinkedHashMap<>();
    private int entries;
    private long letters;

    private TensorTree() { }

    /**
     * @throws InvalidRequestException if it is no dictionary, or one that is too deep or too large; the message is one line, without the
     *     file's name
     */
    static Map<String, StridedTensor> flatten(Object root) {
        if (!(root instanceof Map<?, ?> dictionary)) {
            throw new InvalidRequestException("holds no dictionary of tensors: save a state_dict(), or the six networks' in one dictionary");
        }
        TensorTree tree = new TensorTree();
        tree.add("", dictionary, 1);
        if (tree.tensors.isEmpty()) {
            throw new InvalidRequestException("holds no tensors in its dictionary");
        }
        return tree.tensors;
    }

    private void add(String prefix, Map<?, ?> dictionary, int depth) {
        for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
            if (++entries > MOST_ENTRIES) {
                throw new InvalidRequestException("holds more than " + MOST_ENTRIES + " dictionary entries");
            }
            String key = String.valueOf(entry.getKey());
            if (prefix.length() + key.length() > LONGEST_NAME) {
                throw new InvalidRequestException("holds a name of more than " + LONGEST_NAME + " letters: " + quoted(prefix + key.substring(0,
                        Math.min(key.length(), LONGEST_NAME))));
            }
            if (entry.getValue() instanceof StridedTensor tensor) {
                String name = prefix + key;
                letters += name.length();
                if (letters > MOST_LETTERS) {
                    throw new InvalidRequestException("holds tensors whose names have more than " + MOST_LETTERS + " letters");
                }
                if (tensors.put(name, tensor) != null) {
                    throw new InvalidRequestException("holds two tensors " + quoted(name));
                }
            } else if (entry.getValue() instanceof Map<?, ?> inner) {
                if (depth == DEEPEST) {
                    throw new InvalidRequestException("holds dictionaries in dictionaries, more than " + DEEPEST + " deep");
                }
                add(prefix + key + ".", inner, depth + 1);
            }
        }
    }
}
